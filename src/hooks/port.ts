/** What became of one delivery. */
export type HookOutcome =
  | { kind: 'answered'; status: number }
  /** Nothing was sent, and trying again would not change it: the address is not one that we may call. */
  | { kind: 'forbidden'; code: string }
  | { kind: 'failed'; code: string };

/** Carries deliveries to addresses that strangers chose; implemented at the edge. */
export interface HookSender {
  /** Why this address is never called, in words for whoever wrote it; undefined when it may be. */
  refuses(url: string): string | undefined;
  /** Posts once, follows no redirect, never throws. */
  post(url: string, headers: Record<string, string>, body: string): Promise<HookOutcome>;
}
