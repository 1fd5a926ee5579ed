/** Settings of every client. */
export const client = {
  // Five attempts outlast, with the SDK's waits between them, some 15 s of throttling.
  maxAttempts: 5,
  requestHandler: {
    // Milliseconds. AWS answers in tens or hundreds of them; what takes seconds does not come any more.
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    throwOnRequestTimeout: true,
  },
};
