/**
 * What a picture does not show: bars and handles that come up below the pointer, notices, controls and
 * dots of the canvas.
 */
export const photographStyle = `
	.el-notification,
	[data-test-id=parameter-options-container],
	[data-test-id=panel-drag-button],
	[data-test-id=floating-nodes],
	[data-test-id=canvas-background],
	[data-test-id=canvas-controls],
	[data-test-id=canvas-minimap],
	[data-test-id^=execute-workflow-button] { visibility: hidden !important; }
`;
