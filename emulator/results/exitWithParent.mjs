/** Loaded before Azurite: ends it when the emulator is gone, however that came to be. */
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
process.stdin.once('error', () => process.exit(0));
