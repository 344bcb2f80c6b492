/* Libraries without types of their own, as far as they are used. */

declare module 'zipcodes' {
  export interface Zipcode {
    readonly latitude: number;
    readonly longitude: number;
    readonly city: string;
    /** Postal code in the US, name in Canada. */
    readonly state: string;
    readonly country: 'US' | 'Canada';
  }
  /** A US ZIP code of five digits, or a Canadian postal code (its first three characters count). */
  function lookup(code: string): Zipcode | undefined;
  const library: { lookup: typeof lookup };
  export default library;
}

declare module 'email-providers' {
  const domains: readonly string[];
  export default domains;
}
