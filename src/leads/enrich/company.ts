/*
 * The company behind a business address. Addresses at free-mail and throw-away services, and at names that are reserved
 * for examples, tell nothing.
 */

/** RFC 2606 and 6761: nobody has these. */
const RESERVED = /(?:^|\.)(?:example|test|invalid|localhost|local|example\.(?:com|net|org))$/;
/** What stands before a country's ending where names are given one level down: `acme.co.uk`. */
const SECOND_LEVEL = new Set(['co', 'com', 'org', 'net', 'gov', 'ac', 'edu', 'or', 'ne', 'gob', 'govt']);

let providers: Promise<ReadonlySet<string>> | undefined;

/** Services that give addresses to anybody (library: email-providers). */
const freeMail = () => {
  providers ??= import('email-providers').then((library) => new Set(library.default));
  return providers;
};

/** `Nordic Motors` for `anna@mail.nordic-motors.se`; undefined where the address tells no company. */
export async function companyOf(email: string | undefined): Promise<string | undefined> {
  const domain = email?.split('@').at(-1)?.toLowerCase();
  if (!domain?.includes('.') || RESERVED.test(domain)) return undefined;
  const labels = ownLabels(domain);
  const known = await freeMail();
  if (known.has(domain) || known.has(labels.join('.'))) return undefined;
  const words = (labels[0] ?? '').split(/[-_]/).filter((word) => word !== '' && !word.startsWith('xn'));
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ') || undefined;
}

/** The name somebody registered, with its ending: without `mail.`, `www.` and the like. */
function ownLabels(domain: string): string[] {
  const labels = domain.split('.');
  const ending = labels.at(-1)?.length === 2 && SECOND_LEVEL.has(labels.at(-2) ?? '') ? 2 : 1;
  return labels.slice(-(ending + 1));
}
