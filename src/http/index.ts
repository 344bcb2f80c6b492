/** The HTTP edge: gateways' webhooks, the pages behind the links we send, probes; around the paths of other edges. */
import express, { type Application } from 'express';
import { only, sendPage, sendProblem } from './answer.ts';
import { createApi } from './api/router.ts';
import { mountBookings } from './bookings.ts';
import { mountBrand } from './brand.ts';
import type { HttpDeps } from './deps.ts';
import { translateErrors } from './errors.ts';
import { mountFormSubmission } from './form-submission.ts';
import { mountGoHighLevel } from './gohighlevel-webhooks.ts';
import { mountGoogleLeads } from './google-leads.ts';
import { safeHeaders } from './headers.ts';
import { mountHostedForms } from './hosted-forms.ts';
import { createLimits } from './limits.ts';
import { mountMail } from './mail.ts';
import { mountMeta } from './meta-webhooks.ts';
import { mountOptOut } from './opt-out.ts';
import { type StatusView as StatusPageView, statusPage } from './pages/index.ts';
import { mountPrivateLinks } from './private-links.ts';
import { mountProbes } from './probes.ts';
import { logRequests } from './request-log.ts';
import { mountSandboxClock } from './sandbox-clock.ts';
import { createHttpServer } from './server.ts';
import { mountSinch } from './sinch-webhooks.ts';
import { mountInstall } from './slack-install.ts';
import { mountTerms } from './terms.ts';
import { mountTwilio } from './twilio-webhooks.ts';
import { mountUpload } from './upload.ts';

export type { HttpDeps } from './deps.ts';
export { createMetrics, type GaugeInfo, type GaugeValues, type Metrics } from './metrics.ts';
export { serveProbes } from './probe-server.ts';

/** What the page at `/` shows. */
export type StatusView = Omit<StatusPageView, 'nonce'>;

export interface HttpEdge {
  readonly app: Application;
  /** Starts to take requests; tells the port. Throws `misconfigured` when it cannot be had. */
  listen(): Promise<{ port: number }>;
  /** Takes no more requests; resolves when those under way are answered, after five seconds at the latest. */
  close(): Promise<void>;
}

export function createHttpEdge(deps: HttpDeps): HttpEdge {
  const { config, log, clock } = deps;
  const server = createHttpServer();
  const limits = createLimits();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', config.trustProxy ?? (config.publicUrl.startsWith('https:') ? 1 : false));

  app.use(logRequests(log, clock.machine));
  app.use(safeHeaders(config.publicUrl));
  app.use((_req, res, next) => {
    if (server.closing) res.set('Connection', 'close');
    next();
  });
  mountTwilio(app, deps);
  mountFormSubmission(app, deps, limits);
  mountHostedForms(app, deps, limits);
  mountGoogleLeads(app, deps, limits);
  mountMeta(app, deps);
  mountGoHighLevel(app, deps);
  mountSinch(app, deps);
  mountProbes(app, deps);
  mountOptOut(app, deps, limits);
  mountMail(app, deps, limits);
  mountUpload(app, deps, limits);
  mountPrivateLinks(app, deps, limits);
  mountTerms(app, deps, limits);
  mountBookings(app, deps, limits);
  mountBrand(app, deps, limits);
  mountInstall(app, deps, limits);
  const api = createApi(deps, log, deps.config.publicUrl, deps.apiRates);
  app.use('/api/v2', api.routes);
  if (deps.sandbox && !config.production) {
    mountSandboxClock(app, deps.sandbox);
    if (deps.sandbox.page) app.use(deps.sandbox.page);
  }
  if (deps.status) mountStatus(app, deps.status);
  if (deps.app) {
    deps.app.disable('x-powered-by');
    app.use(deps.app);
  }
  app.use((req, res) => sendProblem(req, res, 404));
  app.use(translateErrors(log));

  return {
    app,
    listen: () => server.listen(app, config.host, config.port),
    async close() {
      limits.close();
      api.close();
      await server.close();
    },
  };
}

function mountStatus(app: Application, status: NonNullable<HttpDeps['status']>): void {
  app
    .route('/')
    .get(async (_req, res) => {
      const view = await status();
      sendPage(res, 200, (nonce) => statusPage({ ...view, nonce }));
    })
    .all(only('GET', 'HEAD'));
}
