/** Reads the moment; passed in wherever time matters, so that tests hold the clock. */
export type Clock = () => Date
