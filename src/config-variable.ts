import { z } from 'zod';

/** One variable of the environment. */
export interface Variable {
  name: string;
  group: string;
  about: string;
  example?: string;
  schema: z.ZodType<string | undefined>;
}

export const plain = z.string().trim().min(1).optional();
export const url = z.url({ protocol: /^https?$/, message: 'must be an http(s) address' }).optional();
export const matching = (pattern: RegExp, message: string) => z.string().regex(pattern, message).optional();
export const portNumber = z
  .string()
  .refine(
    (port) => /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535,
    'must be a port number, 1 to 65535',
  )
  .optional();
