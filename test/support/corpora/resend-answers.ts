import type { ResendFault } from '../servers/resend/faults.ts'

/** The expected outcome of a call. `to blame`: one recipient is at fault; with several messages it is unclear which one. */
export type ResendVerdict =
  | 'unsent: down'
  | 'unsent: sender'
  | 'unsent: rate'
  | 'unsent: quota'
  | 'to blame'
  | 'unknown'
  | 'unknown: down'
  | 'unknown: key taken'

export interface ResendAnswerCase {
  readonly what: string
  readonly fault: ResendFault
  readonly verdict: ResendVerdict
  /** Words that the reason must contain. */
  readonly shows: string
}

type Row = readonly [status: number, name: string, message: string, verdict: ResendVerdict, shows: string]

const KEY = 'RESEND_API_KEY'
const DOMAIN = 'resend.com/domains'
const SUSPENDED = 'suspended the key or the account'
const FIELD = 'Resend rejects a field'
const PLACE = 'RESEND_BASE_URL'
const OTHER_SERVER = 'Another server answered instead of Resend'

/** Resend's JSON errors: documented names, names with several statuses, and unknown names. */
const NAMED: readonly Row[] = [
  [400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.', 'unsent: sender', FIELD],
  [400, 'validation_error', 'We found an error with one or more fields in the request.', 'unsent: sender', FIELD],
  [400, 'validation_error', 'API key is invalid', 'unsent: sender', KEY],
  [401, 'validation_error', 'API key is invalid', 'unsent: sender', KEY],
  [401, 'missing_api_key', 'Missing API key in the authorization header.', 'unsent: sender', KEY],
  [401, 'restricted_api_key', 'This API key is restricted to only send emails.', 'unsent: sender', KEY],
  [403, 'invalid_api_key', 'API key is invalid.', 'unsent: sender', KEY],
  [401, 'invalid_api_key', 'API key is invalid.', 'unsent: sender', KEY],
  [400, 'invalid_api_key', 'API key is invalid.', 'unsent: sender', KEY],
  [422, 'invalid_api_key', 'API key is invalid.', 'unsent: sender', KEY],
  [403, 'suspended_api_key', 'This API key is suspended.', 'unsent: sender', SUSPENDED],
  [401, 'suspended_api_key', 'This API key is suspended.', 'unsent: sender', SUSPENDED],
  [422, 'suspended_api_key', 'Your key has been suspended.', 'unsent: sender', SUSPENDED],
  [403, 'account_suspended', 'Your account was suspended for its complaint rate.', 'unsent: sender', SUSPENDED],
  [403, 'team_disabled', 'The team is disabled.', 'unsent: sender', SUSPENDED],
  [403, 'sending_paused', 'Sending is paused while we review your account.', 'unsent: sender', SUSPENDED],
  [
    403,
    'validation_error',
    'The example.org domain is not verified. Please, add and verify your domain on https://resend.com/domains',
    'unsent: sender',
    DOMAIN,
  ],
  [
    403,
    'validation_error',
    'You can only send testing emails to your own email address (me@example.org). To send emails to other recipients, please verify a domain.',
    'unsent: sender',
    DOMAIN,
  ],
  [
    422,
    'validation_error',
    'Invalid `from` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.',
    'unsent: sender',
    DOMAIN,
  ],
  [422, 'invalid_from_address', 'Invalid `from` field.', 'unsent: sender', DOMAIN],
  [400, 'invalid_from_address', 'Invalid `from` field.', 'unsent: sender', DOMAIN],
  [403, 'domain_not_verified', 'Verify it first.', 'unsent: sender', DOMAIN],
  [422, 'domain_not_found', 'No such domain in this team.', 'unsent: sender', DOMAIN],
  [404, 'not_found', 'Domain not found', 'unsent: sender', DOMAIN],
  [404, 'not_found', 'The requested endpoint does not exist', 'unsent: down', PLACE],
  [405, 'method_not_allowed', 'This endpoint does not support the specified HTTP method.', 'unsent: down', PLACE],
  [451, 'security_error', 'We may have found a security issue with the request.', 'unsent: sender', SUSPENDED],
  [422, 'invalid_access', 'Access must be "full_access" | "sending_access".', 'unsent: sender', FIELD],
  [422, 'invalid_region', 'Region must be "us-east-1" | "eu-west-1" | "sa-east-1".', 'unsent: sender', 'region'],
  [403, 'validation_error', 'Sending from this region is not enabled.', 'unsent: sender', 'region'],
  [422, 'invalid_attachment', 'Attachment must have either a `content` or `path`.', 'unsent: sender', FIELD],
  [422, 'invalid_parameter', 'The `id` must be a valid UUID.', 'unsent: sender', FIELD],
  [422, 'missing_required_field', 'The request body is missing one or more required fields.', 'unsent: sender', FIELD],
  [422, 'missing_required_field', 'Missing `subject` field.', 'unsent: sender', FIELD],
  [422, 'missing_required_field', 'Missing `html` or `text` field.', 'unsent: sender', FIELD],
  [422, 'validation_error', 'Invalid `reply_to` field.', 'unsent: sender', FIELD],
  [422, 'validation_error', 'The reply to address is invalid: `reply_to`', 'unsent: sender', FIELD],
  [422, 'validation_error', 'Invalid `headers` field: the header name is too long.', 'unsent: sender', FIELD],
  [
    422,
    'validation_error',
    'Tags should only contain ASCII letters, numbers, underscores, or dashes.',
    'unsent: sender',
    FIELD,
  ],
  [422, 'validation_error', 'Invalid `tags` field.', 'unsent: sender', FIELD],
  [422, 'validation_error', 'Invalid `scheduled_at` field.', 'unsent: sender', FIELD],
  [422, 'validation_error', 'The `subject` is too long.', 'unsent: sender', FIELD],
  [422, 'validation_error', 'Email size exceeds 40MB', 'unsent: sender', FIELD],
  [422, 'a_name_of_tomorrow', 'Something new.', 'unsent: sender', 'a_name_of_tomorrow 422'],
  [422, 'topic_required', 'The `topic_id` is required.', 'unsent: sender', FIELD],
  [418, 'teapot', 'Short and stout.', 'unsent: sender', 'teapot 418'],
  [400, 'malformed_json', 'Could not parse the body.', 'unsent: sender', FIELD],
  [403, 'forbidden_thing', 'No.', 'unsent: sender', 'rejects this account'],
  [402, 'payment_required', 'Your last invoice is unpaid.', 'unsent: sender', 'invoices'],
  [
    422,
    'validation_error',
    'Invalid `to` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.',
    'to blame',
    '`to`',
  ],
  [400, 'validation_error', 'Invalid `to` field.', 'to blame', '`to`'],
  [
    422,
    'validation_error',
    'Invalid `to` field. Please use our testing email address instead of domains like `example.com`.',
    'to blame',
    '`to`',
  ],
  [422, 'missing_required_field', 'Missing `to` field.', 'to blame', '`to`'],
  [422, 'invalid_parameter', 'Invalid `to[0]` field.', 'to blame', '`to[0]`'],
  [422, 'invalid_to_address', 'It has no domain part that we can use.', 'to blame', 'invalid_to_address'],
  [422, 'validation_error', 'The recipient address is invalid.', 'to blame', 'recipient'],
  [
    429,
    'rate_limit_exceeded',
    'Too many requests. You can only make 10 requests per second.',
    'unsent: rate',
    'Too many requests',
  ],
  [400, 'rate_limit_exceeded', 'Too many requests.', 'unsent: rate', 'rate_limit_exceeded 400'],
  [429, 'too_many_requests_today_or_so', 'Slow down.', 'unsent: rate', 'Slow down'],
  [
    429,
    'daily_quota_exceeded',
    'You have reached your daily email sending quota.',
    'unsent: quota',
    'daily_quota_exceeded 429',
  ],
  [
    429,
    'monthly_quota_exceeded',
    'You have reached your monthly email sending quota.',
    'unsent: quota',
    'monthly_quota_exceeded 429',
  ],
  [403, 'daily_quota_exceeded', 'You have reached your daily quota.', 'unsent: quota', 'daily'],
  [422, 'validation_error', 'You have reached your monthly quota.', 'unsent: quota', 'monthly quota'],
  [429, 'email_quota_exceeded', 'The quota of this team is used up.', 'unsent: quota', 'email_quota_exceeded'],
  [403, 'validation_error', 'Your daily sending limit is reached.', 'unsent: quota', 'daily sending limit'],
  [
    409,
    'concurrent_idempotent_requests',
    'Same key used while original request is in progress.',
    'unknown',
    'still running',
  ],
  [
    409,
    'invalid_idempotent_request',
    'Same key used with a different request payload.',
    'unknown: key taken',
    'used with another body',
  ],
  [409, 'a_new_conflict', 'Something is at work.', 'unknown', 'a_new_conflict'],
  [400, 'application_error', 'An unexpected error occurred.', 'unknown', 'application_error 400'],
  [500, 'application_error', 'An unexpected error occurred.', 'unknown: down', 'application_error 500'],
  [500, 'internal_server_error', 'An unexpected error occurred.', 'unknown: down', 'internal_server_error 500'],
  [503, 'validation_error', 'Invalid `to` field.', 'unknown: down', 'validation_error 503'],
  [503, 'service_unavailable', 'Come back later.', 'unknown: down', 'Come back later'],
  [502, 'rate_limit_exceeded', 'Too many requests.', 'unknown: down', '502'],
]

const named = ([status, name, message, verdict, shows]: Row): ResendAnswerCase => ({
  what: `${status} ${name}: ${message}`,
  fault: { when: 'before', kind: 'status', status, name, message },
  verdict,
  shows,
})

const HTML = { 'content-type': 'text/html; charset=utf-8' }
const page = (title: string) =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><hr><center>nginx</center></body></html>`

const pageOf = (status: number, title: string, verdict: ResendVerdict, shows: string): ResendAnswerCase => ({
  what: `${status} with a page: ${title}`,
  fault: { when: 'before', kind: 'answer', status, body: page(title), headers: HTML },
  verdict,
  shows,
})

/** Answers of a proxy, a portal or a firewall instead of Resend. */
const OTHER_SERVERS: readonly (readonly [status: number, title: string])[] = [
  [400, '400 The plain HTTP request was sent to HTTPS port'],
  [400, 'Bad Request'],
  [401, 'Authorization Required'],
  [402, 'Payment Required'],
  [403, 'Access denied | Web filter of this company'],
  [403, 'Attention Required! | Cloudflare'],
  [404, 'Not Found'],
  [405, 'Not Allowed'],
  [406, 'Not Acceptable!'],
  [407, 'Proxy Authentication Required'],
  [408, 'Request Time-out'],
  [410, 'Gone'],
  [411, 'Length Required'],
  [412, 'Precondition Failed'],
  [414, 'Request-URI Too Large'],
  [415, 'Unsupported Media Type'],
  [417, 'Expectation failed'],
  [421, 'Misdirected Request'],
  [425, 'Too Early'],
  [426, 'Upgrade Required'],
  [429, 'Too Many Requests'],
  [431, 'Request Header Fields Too Large'],
  [444, 'No answer'],
  [451, 'Unavailable For Legal Reasons'],
  [495, 'The SSL certificate error'],
  [497, 'The plain HTTP request was sent to HTTPS port'],
]

const REDIRECTS = [300, 301, 302, 303, 307, 308]
const NOT_REACHED = [521, 522, 523, 525, 526, 530]
const MAY_HAVE_BEEN_READ = [500, 501, 502, 503, 504, 507, 508, 511, 520, 524, 527, 529, 599]
const NAMELESS = [400, 401, 403, 404, 405, 410, 415, 422, 429, 451]

const json = (
  status: number,
  body: unknown,
  verdict: ResendVerdict,
  shows: string,
  when: 'before' | 'after' = 'before',
): ResendAnswerCase => ({
  what: `${status} with ${typeof body === 'string' ? body.slice(0, 60) : JSON.stringify(body)}`,
  fault: { when, kind: 'answer', status, body },
  verdict,
  shows,
})

/** About a hundred answers of Resend's batch endpoint, documented and undocumented. */
export const RESEND_ANSWERS: readonly ResendAnswerCase[] = [
  ...NAMED.map(named),
  ...OTHER_SERVERS.map(([status, title]) => pageOf(status, title, 'unsent: down', title.slice(0, 20))),
  pageOf(413, 'Request Entity Too Large', 'unsent: down', 'PARCEL_SIZE'),
  ...REDIRECTS.map(
    (status): ResendAnswerCase => ({
      what: `${status} to another place`,
      fault: { when: 'before', kind: 'answer', status, body: '', headers: { location: 'https://portal.example.org/' } },
      verdict: 'unsent: down',
      shows: 'a redirect to https://portal.example.org/',
    }),
  ),
  ...NOT_REACHED.map((status) => pageOf(status, `Error ${status}`, 'unsent: down', 'Cloudflare cannot reach Resend')),
  ...MAY_HAVE_BEEN_READ.map((status) => pageOf(status, `Error ${status}`, 'unknown: down', `HTTP ${status}`)),
  ...MAY_HAVE_BEEN_READ.map((status) => json(status, { message: 'It broke.' }, 'unknown: down', 'It broke.')),
  ...NAMELESS.map((status) => json(status, { message: 'No.' }, 'unsent: down', OTHER_SERVER)),
  ...NAMELESS.map((status) => json(status, { error: { code: status } }, 'unsent: down', OTHER_SERVER)),
  json(413, { message: 'Payload Too Large' }, 'unsent: down', 'PARCEL_SIZE'),
  json(403, '', 'unsent: down', 'without a text'),
  json(403, 'null', 'unsent: down', OTHER_SERVER),
  json(403, { name: 7, message: 'A number for a name.' }, 'unsent: down', OTHER_SERVER),
  json(403, { name: 'Forbidden by the gateway', message: 'No.' }, 'unsent: down', OTHER_SERVER),
  json(403, '{"name": "invalid_api_', 'unsent: down', OTHER_SERVER),
  json(409, { message: 'Conflict' }, 'unknown', 'Conflict'),
  pageOf(409, 'Conflict', 'unknown', 'Conflict'),
  pageOf(200, 'Sign in to the network of this hotel', 'unknown: down', 'Sign in to the network'),
  json(200, '{"data": [{"id"', 'unknown: down', 'HTTP 200', 'after'),
  json(200, '', 'unknown: down', 'HTTP 200', 'after'),
  json(204, '', 'unknown: down', 'HTTP 204', 'after'),
  json(200, 'null', 'unknown', 'does not contain an id', 'after'),
  json(200, {}, 'unknown', 'does not contain an id', 'after'),
  json(200, { data: null }, 'unknown', 'does not contain an id', 'after'),
  json(200, { data: [] }, 'unknown', 'does not contain an id', 'after'),
  json(200, { data: [{}] }, 'unknown', 'does not contain an id', 'after'),
  json(200, { data: [{ id: '' }, { id: 'b' }, { id: 'c' }] }, 'unknown', 'does not contain an id', 'after'),
  json(201, { data: 'many' }, 'unknown', 'does not contain an id', 'after'),
]

/** Messages of a batch's `errors`, and their outcomes. */
export const RESEND_ITEM_ERRORS: readonly (readonly [message: string, verdict: ResendVerdict, shows: string])[] = [
  ['Invalid `to` field. The email address needs to follow the usual format.', 'to blame', '`to`'],
  ['Missing `to` field.', 'to blame', '`to`'],
  ['The recipient is not valid.', 'to blame', 'recipient'],
  ['Invalid `from` field.', 'unsent: sender', DOMAIN],
  ['The example.org domain is not verified.', 'unsent: sender', DOMAIN],
  ['Invalid `reply_to` field.', 'unsent: sender', FIELD],
  ['Invalid `headers` field.', 'unsent: sender', FIELD],
  ['Tags should only contain ASCII letters, numbers, underscores, or dashes.', 'unsent: sender', FIELD],
  ['API key is invalid', 'unsent: sender', KEY],
  ['Your account is suspended.', 'unsent: sender', SUSPENDED],
  ['You have reached your daily quota.', 'unsent: quota', 'daily quota'],
  ['Something that nobody has seen before.', 'unsent: sender', 'nobody has seen before'],
]
