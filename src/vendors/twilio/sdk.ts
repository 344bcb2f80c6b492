/**
 * The parts of Twilio's SDK that we use. Its front door loads axios and every product (200 ms, 29 MB); the message
 * resource alone takes 10 ms and 5 MB, and speaks through whatever client its domain is given.
 */
import domainModule from 'twilio/lib/base/Domain.js';
import versionModule from 'twilio/lib/base/Version.js';
import { type MessageInstance, MessageListInstance } from 'twilio/lib/rest/api/v2010/account/message.js';

export type { MessageInstance };

type V2010 = Parameters<typeof MessageListInstance>[0];

/** A request as the SDK hands it to its client. `uri` is absolute. */
export interface SdkRequest {
  method: string;
  uri: string;
  data?: Record<string, unknown>;
  params?: Record<string, unknown>;
}

export interface SdkResponse {
  statusCode: number;
  body: string;
}

/** One page of the message list. */
export interface Page {
  instances: MessageInstance[];
  nextPage(): Promise<Page> | undefined;
}

/** `messages.create` and `messages.page` of one account, over the given client. */
export function messagesOf(
  accountSid: string,
  origin: string,
  request: (request: SdkRequest) => Promise<SdkResponse>,
): MessageListInstance {
  const client = { accountSid, request };
  const domain = new domainModule.default(client as never, origin);
  const version = new versionModule.default(domain, '2010-04-01');
  return MessageListInstance(version as V2010, accountSid);
}
