/** What a field tells about the person besides: places give the time zone and the distance, a company its name. */
export const MEANINGS = [
  'company',
  'company_size',
  'industry',
  'position',
  'postal_code',
  'city',
  'state',
  'country',
] as const;
export type Meaning = (typeof MEANINGS)[number];
