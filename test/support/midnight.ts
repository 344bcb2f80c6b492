const DAY_MS = 86_400_000;
/** Longer than what is done in between takes. */
const MARGIN_MS = 20_000;

/** Lets the machine's midnight in UTC pass first when it is near: for what counts by the machine's day. */
export async function awayFromMidnight(): Promise<void> {
  const left = DAY_MS - (Date.now() % DAY_MS);
  if (left < MARGIN_MS) await new Promise((resolve) => setTimeout(resolve, left + 50));
}
