import type { TwilioConfig } from '../../config.ts';
import type { Guests } from '../guests.ts';
import type { Mischief } from '../mischief.ts';
import type { TwilioStandIn } from '../twilio/index.ts';
import type { Customer } from '../wire.ts';
import { numbersOf } from './phones.ts';
import type { PersonRow } from './read.ts';

/** Everybody with a phone: people of the business, guests of the page, and whoever wrote. By key. */
export function customersOf(
  people: readonly PersonRow[],
  around: {
    guests: Guests;
    mischief: Mischief;
    twilio: { standIn: TwilioStandIn; config: TwilioConfig } | undefined;
  },
): Map<string, Customer> {
  const { guests, mischief, twilio } = around;
  const known = new Map(people.map((person) => [person.number, person]));
  const others = twilio ? numbersOf(twilio.standIn) : [];
  const numbers = new Set([...known.keys(), ...guests.names.keys(), ...others, ...mischief.numbers()]);
  const sender = twilio?.config.whatsappFrom;
  return new Map(
    [...numbers].map((number): [string, Customer] => {
      const person = known.get(number);
      const until = sender ? twilio?.standIn.windowUntil(sender, number) : undefined;
      return [
        `customer/${number}`,
        {
          number,
          name: nameOf(person) ?? guests.names.get(number) ?? null,
          zone: person?.zone ?? null,
          language: person?.language ?? null,
          email: person?.email ?? null,
          windowUntil: until?.toISOString() ?? null,
          optedOut: person?.optedOut ?? false,
          mischief: mischief.of(number),
        },
      ];
    }),
  );
}

/** Somebody who only wrote is known by their number. */
function nameOf(person: PersonRow | undefined): string | undefined {
  return person && !person.name.startsWith('+') ? person.name : undefined;
}
