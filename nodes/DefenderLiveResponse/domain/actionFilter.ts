/** Which live responses are wanted. It is remembered between polls, so it is plain data. */
import { attemptOutcome } from './campaignAttempt';
import { commandParameter, UNKNOWN, type MachineAction } from './machineAction';
import { isOfCampaign, markerOf, namesWorkflow, type Workflow } from './marker';
import { isGuid } from './identifiers';
import { isRecord } from './record';

/** Null and empty lists stand for no condition. */
export interface ActionFilter {
	machineId: string | null;
	/** At least one of the scripts was to run. Upper and lower case do not count. */
	scriptNames: string[];
	statuses: string[];
	/** There is at least one command of these types. */
	commandTypes: string[];
	startedBy: AppRegistration | null;
	/** A workflow whose own live responses are not wanted. */
	notStartedBy: Workflow | null;
	/** The digest of an idempotency key, as the marker has it. */
	key: string | null;
	/** The digest of a campaign's key; it fits the workflow's own live responses too. */
	campaign: string | null;
}

/** No condition at all. */
export const UNFILTERED: Readonly<ActionFilter> = {
	machineId: null,
	scriptNames: [],
	statuses: [],
	commandTypes: [],
	startedBy: null,
	notStartedBy: null,
	key: null,
	campaign: null,
};

export interface AppRegistration {
	clientId: string;
	/** Its display name; empty when it is not known. */
	appName: string;
}

/**
 * A filter that was stored: what an older version stored has not every condition of today. Null for what
 * is none.
 */
export function storedFilter(value: unknown): ActionFilter | null {
	if (!isRecord(value)) return null;
	const filter = { ...UNFILTERED, ...value };
	const isFilter =
		[filter.machineId, filter.key, filter.campaign].every(isTextOrNull) &&
		[filter.scriptNames, filter.statuses, filter.commandTypes].every(isTexts) &&
		hasTextsOrNull(filter.startedBy, ['clientId', 'appName']) &&
		hasTextsOrNull(filter.notStartedBy, ['workflow', 'instance']);
	return isFilter ? filter : null;
}

const isText = (value: unknown) => typeof value === 'string';
const isTextOrNull = (value: unknown) => value === null || isText(value);
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

const hasTextsOrNull = (value: unknown, names: readonly string[]) =>
	value === null || (isRecord(value) && names.every((name) => isText(value[name])));

export function isWanted(action: MachineAction, filter: ActionFilter): boolean {
	const { commands } = action;
	return (
		(filter.machineId === null || same(action.machineId, filter.machineId)) &&
		(filter.statuses.length === 0 || filter.statuses.includes(action.status)) &&
		(filter.commandTypes.length === 0 ||
			commands.some(({ command }) => filter.commandTypes.includes(command.type))) &&
		(filter.scriptNames.length === 0 ||
			commands.some((command) =>
				filter.scriptNames.some((name) => same(commandParameter(command, 'ScriptName'), name)),
			)) &&
		(filter.startedBy === null || isStartedBy(action, filter.startedBy)) &&
		(filter.notStartedBy === null ||
			filter.campaign !== null ||
			!namesWorkflow(action.requestorComment, filter.notStartedBy)) &&
		(filter.key === null || markerOf(action.requestorComment)?.key === filter.key) &&
		(filter.campaign === null || isAnswerOf(action, filter.campaign))
	);
}

/** What a device has not picked up, and is asked again for, is no answer to a campaign. */
function isAnswerOf(action: MachineAction, campaign: string): boolean {
	const outcome = attemptOutcome(action);
	return (
		isOfCampaign(action.requestorComment, campaign) && outcome !== 'none' && outcome !== 'notBegun'
	);
}

/**
 * Whether the app registration is the requestor. Defender names an app by its client id or by its
 * display name. The credential holds only the id; so without the name, a requestor that is neither
 * another app's id nor a person counts as this app when the node's marker is in the comment.
 */
export function isStartedBy(action: MachineAction, app: AppRegistration): boolean {
	const requestor = action.requestor ?? '';
	if (same(requestor, app.clientId)) return true;
	if (app.appName !== '') return same(requestor, app.appName);
	const mayBeThisApp = !isGuid(requestor) && !requestor.includes('@');
	return mayBeThisApp && markerOf(action.requestorComment) !== null;
}

/** Whether some command may have run a script that the API does not name. */
export function hasUnknownScript({ commands }: MachineAction): boolean {
	return commands.some(
		(command) =>
			[UNKNOWN, 'RunScript'].includes(command.command.type) &&
			commandParameter(command, 'ScriptName') === null,
	);
}

function same(value: string | null, wanted: string): boolean {
	return value !== null && value.toLowerCase() === wanted.toLowerCase();
}
