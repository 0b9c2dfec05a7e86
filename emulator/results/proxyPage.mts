import type { Answer } from '../http/answer.mts';

/** What a proxy answers that wants a sign-in first: nothing of it comes from the storage account. */
export function signInPage(): Answer {
	return {
		status: 200,
		headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
		body:
			'<!DOCTYPE html><html><head><title>Sign in</title></head><body>' +
			'<form method="post" action="/login"><input name="user"><input name="password" type="password">' +
			'<button>Sign in to the network</button></form></body></html>',
	};
}
