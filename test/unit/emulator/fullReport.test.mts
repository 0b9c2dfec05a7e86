import { createTenant } from './tenantFixture.mts';

const hours = 3600;

/** A device whose last report is four hours old. */
function reported(online: boolean) {
	const { tenant, clock, after } = createTenant();
	const last = clock.now() - 4 * hours * 1000;
	const id = tenant.machines.add({ online, lastSeen: new Date(last).toISOString() });
	return {
		after,
		set: (condition: { online: boolean }) => tenant.machines.change(id, condition),
		/** Hours from that report to the one that the device shows. */
		moved: () =>
			(Date.parse(tenant.machines.find(id)?.machine.lastSeen ?? '') - last) / (hours * 1000),
	};
}

describe('when a device was last seen', () => {
	it('is its last full report, once a day', () => {
		const { after, moved } = reported(true);
		const seen = [19, 2, 22, 24 * 9 + 2].map((passed) => {
			after(passed * hours);
			return moved();
		});

		expect(seen).toEqual([0, 24, 24, 264]);
	});

	it('does not move as long as it is away, nor as soon as it is back', () => {
		const { after, set, moved } = reported(false);
		after(30 * hours);
		set({ online: true });
		const atOnce = moved();
		after(13 * hours);
		const later = moved();
		after(2 * hours);

		expect([atOnce, later, moved()]).toEqual([0, 0, 48]);
	});

	it('stays what it was when the device leaves', () => {
		const { after, set, moved } = reported(true);
		after(25 * hours);
		set({ online: false });
		after(100 * hours);

		expect(moved()).toBe(24);
	});

	it('is within the last day for a device that is added', () => {
		const { tenant, clock } = createTenant();
		for (let device = 0; device < 30; device += 1) tenant.machines.add();

		for (const { machine } of tenant.machines.all) {
			const ageHours = (clock.now() - Date.parse(machine.lastSeen)) / 3_600_000;
			expect(ageHours).toBeGreaterThanOrEqual(1);
			expect(ageHours).toBeLessThan(24);
		}
	});
});
