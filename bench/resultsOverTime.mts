import type { Picture } from './bench.mts';

export interface Curve {
	readonly name: string;
	/** When each result came, in seconds from the start. */
	readonly times: readonly number[];
	readonly end: { readonly seconds: number; readonly results: number; readonly stopped: boolean };
}

interface Scale {
	readonly results: number;
	readonly callsPerMinute: number;
	readonly boundSeconds: number;
}

const size = { width: 760, height: 452 };
const plot = { left: 64, right: 740, top: 24, bottom: 300 };
const minute = 60;

/** Readable on a light and on a dark page. */
const style = `
	text { font: 13px system-ui, sans-serif; fill: #24292f; }
	.axis, .grid { stroke: #6e7781; stroke-width: 1; }
	.grid { opacity: 0.25; }
	.curve { fill: none; stroke-width: 2.5; }
	.c0 { stroke: #0a7a3f; } .c1 { stroke: #b35900; } .c2 { stroke: #8250df; } .c3 { stroke: #0969da; }
	.bound { stroke: #6e7781; stroke-width: 1.5; stroke-dasharray: 5 4; fill: none; }
	@media (prefers-color-scheme: dark) {
		text { fill: #e6edf3; }
		.c0 { stroke: #3fb950; } .c1 { stroke: #f0883e; } .c2 { stroke: #bc8cff; } .c3 { stroke: #58a6ff; }
	}`;

/** The results each contestant had fetched, minute by minute, and what the limits allow. */
export function resultsOverTime(curves: readonly Curve[], scale: Scale): Picture {
	const seconds = Math.max(scale.boundSeconds, ...curves.map(({ end }) => end.seconds));
	const minutes = Math.ceil(seconds / minute);
	const x = (at: number) =>
		plot.left + ((plot.right - plot.left) * at) / (Math.ceil(minutes) * minute);
	const y = (count: number) =>
		plot.bottom - ((plot.bottom - plot.top) * count) / (scale.results * 1.05);

	const point = (at: number, count: number) => `${x(at).toFixed(1)},${y(count).toFixed(1)}`;
	const allowed = Array.from({ length: scale.boundSeconds / minute + 1 }, (_, window) => [
		point(window * minute, window * scale.callsPerMinute),
		point(window * minute, (window + 1) * scale.callsPerMinute),
	]).flat();
	const lines = curves.map((curve, index) => {
		const times = [...curve.times].sort((a, b) => a - b);
		const steps = times.flatMap((at, count) => [point(at, count), point(at, count + 1)]);
		const end = point(curve.end.seconds, times.length);
		return `<polyline class="curve c${index}" points="${[point(0, 0), ...steps, end].join(' ')}"/>`;
	});
	const crosses = curves.map(({ end, times }, index) =>
		end.stopped ? cross(x(end.seconds), y(times.length), index) : '',
	);
	const legend = curves.map(({ name, end }, index) => {
		const outcome = end.stopped
			? `stopped by a refused call after ${end.seconds.toFixed(0)} s, ${end.results} results`
			: `${end.results} results in ${end.seconds.toFixed(0)} s`;
		return legendLine(index, `curve c${index}`, `${name}: ${outcome}`);
	});
	const svg = [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Results over time">`,
		`<style>${style}\n</style>`,
		...axes(minutes, scale.results, x, y),
		`<polyline class="bound" points="${allowed.join(' ')}"/>`,
		...lines,
		...crosses,
		...legend,
		legendLine(curves.length, 'bound', `What ${scale.callsPerMinute} calls a minute allow`),
		'</svg>',
	];
	return {
		fileName: 'results-over-time.svg',
		alt: `Results fetched over time, ${scale.results} results under ${scale.callsPerMinute} calls a minute`,
		svg: `${svg.filter((line) => line !== '').join('\n')}\n`,
	};
}

type Place = (value: number) => number;

function axes(minutes: number, results: number, x: Place, y: Place): string[] {
	const parts = [
		`<line class="axis" x1="${plot.left}" y1="${plot.bottom}" x2="${plot.right}" y2="${plot.bottom}"/>`,
		`<line class="axis" x1="${plot.left}" y1="${plot.top}" x2="${plot.left}" y2="${plot.bottom}"/>`,
		`<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 38}" text-anchor="middle">minutes</text>`,
		`<text transform="translate(16 ${(plot.top + plot.bottom) / 2}) rotate(-90)" text-anchor="middle">result files fetched</text>`,
	];
	for (let at = 0; at <= minutes; at += 1) {
		const place = x(at * minute).toFixed(1);
		parts.push(`<text x="${place}" y="${plot.bottom + 18}" text-anchor="middle">${at}</text>`);
	}
	for (let count = 0; count <= results; count += results / 5) {
		const place = y(count).toFixed(1);
		parts.push(
			`<line class="grid" x1="${plot.left}" y1="${place}" x2="${plot.right}" y2="${place}"/>`,
			`<text x="${plot.left - 8}" y="${Number(place) + 4}" text-anchor="end">${count}</text>`,
		);
	}
	return parts;
}

function cross(x: number, y: number, index: number): string {
	const [left, right, top, bottom] = [x - 5, x + 5, y - 5, y + 5].map((at) => at.toFixed(1));
	return `<path class="curve c${index}" d="M${left} ${top}L${right} ${bottom}M${left} ${bottom}L${right} ${top}"/>`;
}

function legendLine(index: number, className: string, text: string): string {
	const middle = plot.bottom + 58 + index * 19;
	return `<line class="${className}" x1="${plot.left}" y1="${middle}" x2="${plot.left + 26}" y2="${middle}"/><text x="${plot.left + 34}" y="${middle + 4}">${text}</text>`;
}
