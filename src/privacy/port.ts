/** One bucket of an object store that speaks S3. It never sees anything but sealed bytes. */
export interface Bucket {
  readonly name: string;
  /**
   * The region the bucket itself says it is in, for example `eu-north-1`. Throws when it does not answer, or does not
   * say.
   */
  region(): Promise<string>;
  put(key: string, bytes: Buffer): Promise<void>;
  /** Undefined when there is no such object; throws when the bucket does not answer. */
  get(key: string): Promise<Buffer | undefined>;
  /** Also when there is no such object. */
  remove(key: string): Promise<void>;
}
