/** What went wrong, in terms an edge can translate (HTTP status, field error, Slack message). */
export type ErrorCode =
  | 'validation_error'
  | 'not_found'
  | 'forbidden'
  | 'conflict'
  | 'opted_out'
  | 'unavailable'
  | 'misconfigured'
  | 'internal';

/** One thing wrong with one input; `field` is the name the person sees the error at. */
export interface FieldProblem {
  field: string;
  message: string;
}

/**
 * A known failure with two texts: `message` for the log (no personal data), `userMessage` for the person, which says
 * what to do next.
 */
export class KnownError extends Error {
  readonly code: ErrorCode;
  readonly userMessage: string;
  readonly problems: readonly FieldProblem[];

  constructor(
    code: ErrorCode,
    message: string,
    userMessage: string,
    options: { problems?: FieldProblem[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KnownError';
    this.code = code;
    this.userMessage = userMessage;
    this.problems = options.problems ?? [];
  }
}

/** Input that a person can correct; each problem is shown at its own field. */
export function validationError(problems: FieldProblem[]): KnownError {
  const fields = problems.map((p) => p.field).join(', ');
  return new KnownError('validation_error', `invalid input: ${fields}`, problems.map((p) => p.message).join(' '), {
    problems,
  });
}

export function isKnown(error: unknown): error is KnownError {
  return error instanceof KnownError;
}
