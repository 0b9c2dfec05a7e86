import { isUntrusted } from './untrustedCertificate';

/** Says what to check for each kind of network trouble, without n8n's own trigger words. */
export function networkAdvice(code: string | null): string {
	switch (code) {
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return 'The host name could not be resolved. Check DNS and the network of the machine that runs n8n.';
		case 'ECONNREFUSED':
			return 'Nothing answered at this address. Check firewall and proxy of the machine that runs n8n.';
		case 'ECONNABORTED':
		case 'ETIMEDOUT':
			return 'There was no answer in time. Check firewall and proxy of the machine that runs n8n.';
		case 'ECONNRESET':
		case 'EPIPE':
			return 'The connection was cut off. A firewall or proxy may be the cause; if there is none, try again.';
		default:
			return otherAdvice(code);
	}
}

function otherAdvice(code: string | null): string {
	if (isUntrusted(code)) {
		return 'The certificate of the answering host is not trusted. A proxy that inspects TLS needs its certificate in NODE_EXTRA_CA_CERTS of n8n.';
	}
	if (code !== null && /^(EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code)) {
		return 'The TLS connection failed. A firewall or proxy that inspects TLS may be the cause; if there is none, try again.';
	}
	return 'Check the network, firewall and proxy of the machine that runs n8n.';
}
