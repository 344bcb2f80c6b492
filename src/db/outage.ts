/**
 * True when the database could not be reached or went away: the same statement may succeed later. Any other SQLSTATE is
 * a refusal that stays one (PostgreSQL, appendix A: 08 connection, 53 resources, 57P shutdown).
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Sequelize wraps what its pool met, and has an error of its own for having waited in vain
  const { code, severity, parent } = error as { code?: unknown; severity?: unknown; parent?: unknown };
  if (error.name === 'SequelizeConnectionAcquireTimeoutError') return true;
  if (parent instanceof Error && parent !== error) return isOutage(parent);
  if (severity !== undefined) return /^(08|53|57P)/.test(String(code));
  // from the socket, or from the client that lost it
  return (
    /^E[A-Z]+$/.test(String(code)) ||
    /^(Connection terminated|Client has encountered|timeout exceeded)/.test(error.message)
  );
}
