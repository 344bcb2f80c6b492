import { matching, url, type Variable } from './config-variable.ts';

/* The doors by which leads of ads and other systems come. */

export const DOOR_VARIABLES: readonly Variable[] = [
  {
    name: 'META_APP_SECRET',
    group: 'Meta lead ads',
    about: 'Secret of the Meta app; its webhooks are signed with it. Without it there is no door for lead ads.',
    schema: matching(/^[\w-]{8,128}$/, 'must be the secret of an app'),
  },
  {
    name: 'META_VERIFY_TOKEN',
    group: 'Meta lead ads',
    about: 'What you enter at Meta as verify token beside the address /webhooks/meta.',
    schema: matching(/^\S{8,200}$/, 'must have at least 8 characters'),
  },
  {
    name: 'META_GRAPH_URL',
    group: 'Meta lead ads',
    about: 'Graph API with its version.',
    example: 'https://graph.facebook.com/v23.0',
    schema: url,
  },
  {
    name: 'GOHIGHLEVEL_API_URL',
    group: 'GoHighLevel',
    about: "Replaces GoHighLevel's API, for tests.",
    example: 'https://services.leadconnectorhq.com',
    schema: url,
  },
  {
    name: 'GOHIGHLEVEL_ED25519_KEY',
    group: 'GoHighLevel',
    about: 'Public key of X-GHL-Signature, base64 of the PEM body, should GoHighLevel ever publish another one.',
    example: 'MCowBQYDK2VwAyEA…',
    schema: matching(/^[A-Za-z0-9+/]{40,}=*$/, 'must be a public key in base64'),
  },
  {
    name: 'GOHIGHLEVEL_RSA_KEY',
    group: 'GoHighLevel',
    about: 'The same for the older X-WH-Signature.',
    example: 'MIICIjANBgkqhkiG9w0B…',
    schema: matching(/^[A-Za-z0-9+/]{300,}=*$/, 'must be a public key in base64'),
  },
];
