import { z } from 'zod';

/** Words from a file: outer white space off, composed letters, so equal texts have equal hashes. */
export const fileWords = (max: number) =>
  z
    .string()
    .transform((text) => text.replaceAll('\r\n', '\n').trim().normalize('NFC'))
    .pipe(z.string().min(1, 'must not be empty').max(max, `at most ${max} characters`))
    // the limits hold behind the transform, where a JSON Schema of the file does not see them
    .meta({ minLength: 1, maxLength: max });
