/** Numbers of the releases that were made, oldest first: what their migrations say never changes any more. */
export const RELEASES: readonly number[] = [];
