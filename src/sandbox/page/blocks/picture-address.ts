import { type Json, textOf } from './json.ts';

/**
 * Where this page finds a picture: a file in the stand-in of Slack by its id (also out of its address there), a data
 * address, one of our own origin, or a logo of ours, which is here by whatever name this page was opened. Undefined for
 * other sites.
 */
export function pictureAddress(url: string, slackFile: Json, origin: string): string | undefined {
  const id = textOf(slackFile.id) || /\/files(?:-pri)?\/[^/]*?\b(F[A-Z0-9]+)/.exec(textOf(slackFile.url) || url)?.[1];
  if (id) return `/sandbox/files/${id}`;
  const logo = /^https?:\/\/[^/]+(\/brand\/logo\/[\w-]+)$/.exec(url)?.[1];
  if (logo) return logo;
  if (url.startsWith('data:image/') || url.startsWith(`${origin}/`) || /^\/(?!\/)/.test(url)) return url;
  return undefined;
}
