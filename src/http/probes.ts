import type { Application } from 'express';
import { only } from './answer.ts';
import type { Check, HttpDeps } from './deps.ts';

/** What machines ask: are you alive, may requests be sent here, how are you doing. */
export function mountProbes(app: Application, { ready, metrics }: Pick<HttpDeps, 'ready' | 'metrics'>): void {
  app
    .route('/healthz')
    .get((_req, res) => void res.json({ status: 'ok' }))
    .all(only('GET', 'HEAD'));

  app
    .route('/readyz')
    .get(async (_req, res) => {
      const checks = await ready().catch((): Check[] => [
        { name: 'Checks', ok: false, detail: 'They could not be made.' },
      ]);
      const ok = checks.every((check) => check.ok);
      res.status(ok ? 200 : 503).json({ status: ok ? 'ready' : 'not ready', checks });
    })
    .all(only('GET', 'HEAD'));

  app
    .route('/metrics')
    .get(async (_req, res) => {
      const text = await metrics.registry.metrics();
      res.type(metrics.registry.contentType).send(text);
    })
    .all(only('GET', 'HEAD'));
}
