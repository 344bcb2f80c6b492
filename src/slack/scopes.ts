/** What the app asks a workspace for; each with what it is there for. */
export const SCOPES: Readonly<Record<string, string>> = {
  'channels:history': 'a card that was posted but not written down is found again',
  'channels:join': 'the feed and the digests get into the public channel they were sent to',
  'channels:read': 'it is known whether a channel is shared with another company, where no card is posted',
  'chat:write': 'cards, notes and digests',
  commands: 'slash commands and shortcuts',
  'files:read': 'licence photos taken in the form',
  'files:write': 'charts, exports and the pictures of customers',
  'groups:history': 'the same in private channels',
  'groups:read': 'the same in private channels',
  'im:history': 'the same in direct messages',
  'im:write': 'direct messages to staff',
  'reactions:write': 'delivery ticks on what was sent',
  'users:read': 'names, time zones, and who is a full member',
};

export const botScopes = (): string[] => Object.keys(SCOPES);
