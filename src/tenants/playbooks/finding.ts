/** Where in a file, and what to do. */
export interface Finding {
  readonly path: string;
  readonly message: string;
}
