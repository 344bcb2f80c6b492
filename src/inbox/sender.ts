import type { Submission } from '../leads/index.ts';
import { parsePhone } from '../people/index.ts';

/** The address by which an enquiry's raw webhook is found when its sender is erased: as it is kept of people. Pure. */
export function senderOf({ email, phone }: Pick<Submission, 'email' | 'phone'>, country: string): string | undefined {
  if (email.trim() !== '') return email.trim().toLowerCase();
  const number = parsePhone(phone, country);
  return number.ok ? number.e164 : undefined;
}
