/** Fetches pictures from addresses that people wrote; implemented at the edge. */
export interface PictureFetcher {
  /** The bytes, at most `maxBytes`; or why there are none, in words for whoever wrote the address. Never throws. */
  fetch(url: string, maxBytes: number): Promise<Buffer | string>;
}
