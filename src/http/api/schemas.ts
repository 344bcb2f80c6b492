import { z } from 'zod';
import { isId } from '../../lib/ids.ts';

/** An id as the path or a body carries it. */
export const idOf = <T extends string>(what: string) =>
  z
    .string()
    .refine((text): text is T => isId(text), `That is no id of ${what}.`)
    .meta({ format: 'uuid', description: `Id of ${what}.`, example: '01938a5e-7c1d-7a3b-9f6e-2d4c5b6a7980' });

/** Text that the database can keep: no NUL, no halves of characters. */
export const words = (max: number, min = 0) =>
  z
    .string()
    .min(min, 'This must not be empty.')
    .max(max, `At most ${max} characters.`)
    .refine(
      (text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text),
      'There is a character in it that cannot be kept.',
    );

export const moment = () => z.iso.datetime({ offset: true }).meta({ example: '2026-11-23T09:30:00Z' });

/** `true` and `false` in a query. */
export const flag = () =>
  z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .meta({ description: 'true or false.' });

/** A list in a query, its entries parted by commas. */
export const list = (max: number) =>
  words(400, 1)
    .transform((text) => [...new Set(text.split(',').map((entry) => entry.trim()))].filter((entry) => entry !== ''))
    .refine((entries) => entries.length > 0 && entries.length <= max, `One to ${max}, parted by commas.`)
    .meta({ description: 'One or several, parted by commas.' });

export const MAX_PAGE = 100;

/** How a list is asked for. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50).meta({ description: 'Entries of a page.' }),
  cursor: words(200, 1).optional().meta({ description: 'The `next` of the page before.' }),
};

/** A page of a list: `next` is the cursor of the page after, null at the end. */
export const pageOf = <T extends z.ZodType>(entry: T) =>
  z.strictObject({
    data: z.array(entry),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null at the end.' }),
  });

export const empty = z.strictObject({});

/** An error (RFC 9457). */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional().meta({ description: 'What to do next, for people.' }),
  code: z.string().meta({ description: 'For programs.' }),
  request: z.string().optional().meta({ description: 'Id of this request, for support.' }),
  errors: z
    .array(
      z.object({
        pointer: z.string().optional().meta({ description: 'JSON pointer into the body.' }),
        parameter: z.string().optional().meta({ description: 'Name of the parameter.' }),
        detail: z.string(),
      }),
    )
    .optional(),
});

export const iso = (at: Date): string => at.toISOString();
export const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;
