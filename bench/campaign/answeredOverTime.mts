import type { Picture } from '../bench.mts';
import type { Outcome } from './campaignSimulation.mts';

const plot = { left: 64, right: 740, top: 24, bottom: 300 };

/** Readable on a light and on a dark page. */
const style = `
	text { font: 13px system-ui, sans-serif; fill: #24292f; }
	.axis, .grid { stroke: #6e7781; stroke-width: 1; }
	.grid { opacity: 0.25; }
	.curve { fill: none; stroke: #0a7a3f; stroke-width: 2.5; }
	@media (prefers-color-scheme: dark) {
		text { fill: #e6edf3; }
		.curve { stroke: #3fb950; }
	}`;

/** How many devices had answered after each hour. */
export function answeredOverTime({ devices, byHour }: Outcome): Picture {
	const hours = byHour.length;
	const x = (hour: number) => plot.left + ((plot.right - plot.left) * hour) / hours;
	const y = (count: number) => plot.bottom - ((plot.bottom - plot.top) * count) / (devices * 1.05);
	const points = [0, ...byHour].map(
		(count, hour) => `${x(hour).toFixed(1)},${y(count).toFixed(1)}`,
	);
	const everySixHours = Array.from({ length: Math.floor(hours / 6) + 1 }, (_, at) => at * 6);
	const quarters = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(devices * share));
	const svg = [
		'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 340" role="img" aria-label="Devices answered over time">',
		`<style>${style}\n</style>`,
		...quarters.flatMap((count) => [
			`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y(count).toFixed(1)}" y2="${y(count).toFixed(1)}"/>`,
			`<text x="${plot.left - 8}" y="${(y(count) + 4).toFixed(1)}" text-anchor="end">${count}</text>`,
		]),
		...everySixHours.map(
			(hour) =>
				`<text x="${x(hour).toFixed(1)}" y="${plot.bottom + 20}" text-anchor="middle">${hour} h</text>`,
		),
		`<line class="axis" x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}"/>`,
		`<polyline class="curve" points="${points.join(' ')}"/>`,
		'</svg>',
	];
	return {
		fileName: 'campaign-over-time.svg',
		alt: `Devices that have answered over ${hours} hours, of ${devices}`,
		svg: `${svg.join('\n')}\n`,
	};
}
