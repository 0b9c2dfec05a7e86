/** Sizes of files, and the largest ones that are taken when the user says nothing. */

export const MEGABYTE = 1024 * 1024;

/**
 * Defender fetches files of up to 3 GB from a device.
 *
 * https://learn.microsoft.com/en-us/defender-endpoint/live-response#live-response-commands
 */
export const LARGEST_FETCHED_FILE_MB = 3072;

/** A transcript is held in memory as a whole. */
export const LARGEST_TRANSCRIPT_MB = 64;

export const MOST_TRANSCRIPT_BYTES = LARGEST_TRANSCRIPT_MB * MEGABYTE;
