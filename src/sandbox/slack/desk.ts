import { createFiles, type Files } from './files.ts';
import { createMessages, type Messages } from './messages.ts';
import { createMischief, type Mischief } from './mischief.ts';
import { createOAuth, type OAuth, type OAuthApp } from './oauth.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { createTickets, type Tickets } from './tickets.ts';
import type { ApiCall } from './types.ts';
import { createViews, type Views } from './views.ts';
import type { Workspace } from './workspace.ts';

/** Everything one stand-in knows; shared by its two halves, the Web API and the people who act. */
export interface Desk {
  readonly workspace: Workspace;
  readonly messages: Messages;
  readonly views: Views;
  readonly files: Files;
  readonly pictures: Pictures;
  readonly tickets: Tickets;
  readonly mischief: Mischief;
  readonly oauth: OAuth;
  /** The app's latest Web API calls, oldest first. */
  readonly calls: ApiCall[];
  /** The stand-in's own address without a trailing slash; known once it listens. */
  origin(): string;
}

export function createDesk(
  workspace: Workspace,
  origin: () => string,
  app: { botToken: string; oauth?: OAuthApp | undefined },
): Desk {
  return {
    workspace,
    messages: createMessages(workspace),
    views: createViews(workspace),
    files: createFiles(workspace),
    pictures: createPictures(),
    tickets: createTickets(workspace.machine, workspace.team.id),
    mischief: createMischief(),
    oauth: createOAuth({ workspace, botToken: app.botToken, app: app.oauth }),
    calls: [],
    origin,
  };
}
