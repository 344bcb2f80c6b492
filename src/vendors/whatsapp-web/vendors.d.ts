/* A library without types of its own, as far as it is used. */

declare module 'unzipper' {
  export const Open: {
    /** Rejects when it is no archive. */
    buffer(archive: Buffer): Promise<{
      /** Resolves once all is written. Nothing is written outside of `path`. */
      extract(options: { path: string; concurrency: number }): Promise<unknown>;
    }>;
  };
}
