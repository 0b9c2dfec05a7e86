import { gunzipSync } from 'node:zlib';
import { createTenant, getFile, putFile, runScript } from './tenantFixture.mts';

describe('a live response on an online device', () => {
	it('is picked up, runs its commands in turn and is final a while after the last', () => {
		const { tenant, start, after } = createTenant();
		const machineId = tenant.machines.add();
		tenant.library.add({ fileName: 'tool.exe' });
		tenant.library.add({ fileName: 'a.ps1', behaviour: { durationSeconds: 5 } });
		const action = start(machineId, putFile('tool.exe'), runScript('a.ps1'));
		const states = () => [action.status, ...action.commands.map(({ status }) => status)];

		after(9);
		expect(states()).toEqual(['Pending', 'Created', 'Created']);
		after(1);
		expect(states()).toEqual(['InProgress', 'Executing', 'Created']);
		after(2);
		expect(states()).toEqual(['InProgress', 'Completed', 'Created']);
		after(1);
		expect(states()).toEqual(['InProgress', 'Completed', 'Executing']);
		after(5);
		expect(states()).toEqual(['InProgress', 'Completed', 'Completed']);
		after(8);
		expect(states()).toEqual(['Succeeded', 'Completed', 'Completed']);
	});

	it('has the same times when nobody looked in between', () => {
		const looked = createTenant();
		const asleep = createTenant();
		const [first, second] = [looked, asleep].map(({ tenant, start }) => {
			tenant.library.add({ fileName: 'a.ps1' });
			return start(tenant.machines.add(), runScript('a.ps1'));
		});
		for (let second = 0; second < 600; second += 1) looked.after(1);
		asleep.after(600);

		expect(first.status).toBe('Succeeded');
		expect(first.updatedAt).toBe(second.updatedAt);
		expect(first.commands[0].startedAt).toBe(second.commands[0].startedAt);
		expect(first.commands[0].endedAt).toBe(second.commands[0].endedAt);
	});

	it('keeps the transcript as the result of the script', () => {
		const { tenant, results, start, after } = createTenant();
		tenant.library.add({
			fileName: 'a.sh',
			behaviour: ({ args }) => ({ output: `got ${args}\n`, exitCode: 3, errors: 'no' }),
		});
		const action = start(tenant.machines.add({ osPlatform: 'Linux' }), runScript('a.sh', '-v'));
		after(600);

		const { result } = action.commands[0];
		expect(result?.fileName).toBe(`output_${action.id}_0.json`);
		expect(results.contents.get(result?.blobName ?? '')?.toString()).toBe(
			'{"script_name": "a.sh", "exit_code": 3, "script_output": "got -v\\n", "script_errors": "no"}',
		);
		expect(action.status).toBe('Succeeded');
	});

	it('compresses a collected file with its name and has no result for a file it put', () => {
		const { tenant, results, start, after } = createTenant();
		tenant.library.add({ fileName: 'tool.exe' });
		const machineId = tenant.machines.add({ files: { 'C:\\Temp\\Report.txt': 'content' } });
		const action = start(machineId, putFile('tool.exe'), getFile('c:\\temp\\report.TXT'));
		after(600);

		const [put, get] = action.commands;
		const packed = results.contents.get(get.result?.blobName ?? '') ?? Buffer.alloc(0);
		expect(put.result).toBeUndefined();
		expect(get.result?.fileName).toBe('report.TXT.gz');
		expect(gunzipSync(packed).toString()).toBe('content');
		expect(packed.includes('report.TXT\0')).toBe(true);
	});
});

describe('a command that fails', () => {
	it.each([
		['an unknown script', runScript('missing.ps1'), 'missing.ps1'],
		['an unknown library file', putFile('missing.exe'), 'missing.exe'],
		['an unknown file', getFile('C:\\missing'), 'C:\\missing'],
		['an empty file', getFile('C:\\empty'), 'C:\\empty'],
		['a shell script on Windows', runScript('hello.sh'), 'hello.sh'],
	])('ends the session: %s', (_case, command, named) => {
		const { tenant, start, after } = createTenant();
		tenant.library.add({ fileName: 'hello.sh' });
		const machineId = tenant.machines.add({ files: { 'C:\\empty': '', 'C:\\full': 'x' } });
		const action = start(machineId, command, getFile('C:\\full'));
		after(600);

		expect(action.status).toBe('Failed');
		expect(action.errorHResult).not.toBe(0);
		expect(action.commands.map(({ status }) => status)).toEqual(['Failed', 'Created']);
		expect(action.commands[0].errors[0]).toContain(named);
		expect(action.commands[1].startedAt).toBeNull();
	});

	it('is a script that runs longer than ten minutes', () => {
		const { tenant, start, after } = createTenant();
		tenant.library.add({ fileName: 'a.ps1', behaviour: { durationSeconds: 601 } });
		const action = start(tenant.machines.add(), runScript('a.ps1'));

		after(10 + 599);
		expect(action.commands[0].status).toBe('Executing');
		after(1);
		expect(action.commands[0].status).toBe('Failed');
	});

	it('is not a script that ends with another exit code', () => {
		const { tenant, start, after } = createTenant();
		tenant.library.add({ fileName: 'a.ps1', behaviour: { exitCode: 323 } });
		const action = start(tenant.machines.add(), runScript('a.ps1'));
		after(600);

		expect(action.status).toBe('Succeeded');
	});
});

describe('a device that is offline', () => {
	it('leaves the action pending and times it out after two hours', () => {
		const { tenant, start, after } = createTenant();
		const action = start(tenant.machines.add({ online: false }), runScript('a.ps1'));

		after(7199);
		expect(action.status).toBe('Pending');
		after(1);
		expect(action.status).toBe('TimeOut');
		expect(action.commands[0].status).toBe('Created');
	});

	it('runs the action when it comes back in time', () => {
		const { tenant, start, after } = createTenant();
		tenant.library.add({ fileName: 'a.ps1' });
		const machineId = tenant.machines.add({ online: false });
		const action = start(machineId, runScript('a.ps1'));
		after(3600);
		tenant.machines.change(machineId, { online: true });

		after(9);
		expect(action.status).toBe('Pending');
		after(60);
		expect(action.status).toBe('Succeeded');
	});

	it('does not take an open session of the tenant', () => {
		const { tenant, start } = createTenant();
		start(tenant.machines.add({ online: false }), runScript('a.ps1'));
		start(tenant.machines.add(), runScript('a.ps1'));

		expect(tenant.actions.openSessions).toBe(1);
	});
});

describe('a cancelled action', () => {
	it('says so a little later and never runs', () => {
		const { tenant, start, after } = createTenant({ durations: { cancel: 20 } });
		tenant.library.add({ fileName: 'a.ps1' });
		const machineId = tenant.machines.add();
		const action = start(machineId, runScript('a.ps1'));
		tenant.actions.cancel(action, 'analyst', 'enough');

		after(19);
		expect(action.status).toBe('Pending');
		expect(tenant.actions.activeOn(machineId)).toBe(action);
		after(1);
		expect(action.status).toBe('Cancelled');
		expect(tenant.actions.activeOn(machineId)).toBeUndefined();
		expect(tenant.machines.runsOf(machineId, 'a.ps1')).toBe(0);
	});
});

describe('an action added as pending', () => {
	it('keeps its device busy for ever, unless it is cancelled', () => {
		const { tenant, after } = createTenant();
		const machineId = tenant.machines.add();
		const id = tenant.actions.add({
			machineId,
			status: 'Pending',
			commands: [{ type: 'RunScript', status: 'Created' }],
		});
		const action = tenant.actions.get(id);
		after(100_000);
		expect(tenant.actions.activeOn(machineId)?.id).toBe(id);

		if (action !== undefined) tenant.actions.cancel(action, 'analyst', 'enough');
		after(2);
		expect(action?.status).toBe('Cancelled');
		expect(tenant.actions.activeOn(machineId)).toBeUndefined();
	});
});

describe('the count of runs', () => {
	it('is kept for each device and script', () => {
		const { tenant, start, after } = createTenant();
		tenant.library.add({ fileName: 'a.ps1' });
		const [one, other] = [tenant.machines.add(), tenant.machines.add()];
		start(one, runScript('a.ps1'), runScript('a.ps1'));
		after(600);

		expect(tenant.machines.runsOf(one, 'a.ps1')).toBe(2);
		expect(tenant.machines.runsOf(other, 'a.ps1')).toBe(0);
	});
});
