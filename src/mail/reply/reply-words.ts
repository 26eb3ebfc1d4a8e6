import type { ReplyBlame } from './blame.ts'

/** The pattern is matched against one line in lower case, without addresses and host names. */
type WordRule = readonly [blame: ReplyBlame, pattern: RegExp]

/** Words for a mailbox. GAP allows a few words between the mailbox and its state. */
const BOX =
  "(?:user(?: account)?|users|recipients?(?: address| name)?|destination(?: address)?|mail ?box(?:es)?|account|e-?mail account|e-?mail(?: address)?|address|addressee|person|customer|subscriber|local[- ]part|alias|login|inbox|username)(?:'s)?"
const GAP = '(?:(?! but | if | or | sender|[.;] ).){0,60}?'
const GONE =
  "(?:unknown|(?:is |was |are |were )?not (?:known|found|exist\\b|recogni[sz]ed|listed|present|local\\b|registered|a known|a valid|valid\\b|an active|active\\b|our customer|in (?:my|our|the) (?:list|directory|database))|does ?n[o'’]?t? (?:exist|have an? )|doesn[’']t exist|don't exist|do not exist|not exist|isn't (?:known|found|valid|active)|cannot be found|could ?n[o'’]t be found|can't be found|no longer (?:exists?|valid|active|available|accepts?|in (?:use|service)|on (?:this )?server|with us|works?)|non-?exist[ae]nt|has (?:been )?(?:moved|left)|is invalid|invalid\\b)"
const CLOSED =
  '(?:disabled|deactivated|de-activated|inactive|terminated|discontinued|closed|cancell?ed|deleted|suspended|expired|archived|removed|frozen)'

const rule = (blame: ReplyBlame, ...sources: (string | RegExp)[]): WordRule => [
  blame,
  new RegExp(sources.map((source) => (typeof source === 'string' ? source : source.source)).join('|'), 'u'),
]

/** Replies that name two possible causes. */
const OPEN = rule(
  'unclear',
  /may not exist,? (?:or|they)|(?:may|might) not (?:exist|have permission)|(?:not|n't) exist,? or you|unknown or disallowed/,
)

/** Unambiguous names and phrases, each of one mail server. */
const NAMED: readonly WordRule[] = [
  rule(
    'address',
    /resolver\.adr\.\w*recip\w* ?notfound|bad ?rcptto|not in my validrcptto|nosuchuser|disableduser|inactiveuser|blocked due to inactivity/,
  ),
  rule('recipient', /resolver\.rst\.|overquota(?:perm|temp)|receivingrate/),
  rule('limit', /\b5\.7\.70[58]\b/),
  rule('sender', /(?<!received as )unauthenticated|anti-?spoof|\b5\.7\.9\b.{0,40}policy reasons/),
]

const GREYLISTED = rule('server', /gr[ae]y-?\s?list|postgrey|first[- ]time sender|deferred for \d+ seconds/)

/** A limit of one mailbox or one message: receiving rate, storage, size. */
const OF_THE_MAILBOX = rule(
  'recipient',
  /receiv\w+ (?:e?mail|messages)[^.]{0,30} (?:rate|quickly|fast)/,
  /(?:mail ?box|account|user|recipient|address)[^.]{0,40} temporarily (?:disabled|unavailable|inactive|suspended|locked|blocked|rejected)/,
  /receiv\w+ limits?/,
  /(?:message|mail|e-?mail|letter|content|body|file|attachment)s?(?: file)? ?(?:size|length)?(?: is| was)? (?:too (?:large|big|long)|exceed\w*|larger)[^.]{0,60}(?:size|limit|maximum|bytes|kb|mb|large|big|long|allowed)?/,
  /size (?:limit|exceed)|too (?:large|big)\b|maximum (?:message|email|mail) size|exceeds? (?:fixed |the )?maximum[^.]{0,20} size/,
  /(?:mail ?box|mail ?folder|maildir|inbox|recipient|user|account|person|storage|disk|addressee)(?:'s)?(?:(?! sender|[.;] ).){0,60}?(?:\bfull\b|over\s?quota|over (?:its|his|her|their|the|disk)?\s?(?:allowed |disk |storage )?quota|exceed\w* (?:its |the |their |his |her |storage |mailbox |disk |allowed )*(?:quota|storage|limit of storage|disk space|space|size|local limit|allocation)|quota (?:usage )?(?:is |has been )?(?:exceeded|exhausted|full|violation)|not enough (?:storage |disk )?space|out of (?:storage|space|disk)|(?:would|will) exceed|too many messages|no (?:storage |disk )?space)/,
  /(?:full|over-?quota) (?:mail ?box|inbox|recipient)|overquota|insufficient (?:disk|mailbox) (?:space|quota)|(?:mail|disk|storage|mailbox) quota (?:exceeded|is|has)/,
  /boite[^.]{0,40}pleine|postfach[^.]{0,40}voll|buz[oó]n[^.]{0,40}llen|casella[^.]{0,40}piena|caixa[^.]{0,40}cheia|переполнен|いっぱい|容量(?:超過|を超)|已满|空间不足|skrzynka[^.]{0,40}pełna/,
)

/** A limit on our sending. */
const LIMITS = rule(
  'limit',
  /\b(?:rate|frequency|volume)[- ]?limit/,
  /limit(?:ed)? (?:has been |was |is )?(?:exceed|reach)|limit reached/,
  /exceed\w* [^.]{0,60}(?:limits?\b|quota|threshold|rate\b|per (?:hour|day|minute|second|month))/,
  /(?:reached|hit) [^.]{0,40}(?:limit|quota)\b/,
  /(?:hourly|daily|monthly|per[- ](?:hour|day|minute)|sending|outgoing|outbound|submission|relay\w*|messages?)[^.]{0,30} (?:limit|quota|allowance)\b/,
  /submissionquota|maximum (?:sending rate|credits)|credits? exceeded|throttl|too many (?!hops|received|related|spam|errors?\b)|too much (?:mail|volume)|too (?:fast|quickly)|slow(?:er)? (?:down|please)|(?:try again|please) slower|excessive|unexpected volume|unusual (?:rate|sending|volume)|frequency limited|concurrent connections?|connection limit|server busy|deferred due to (?:unexpected|user complaints)|trop de connexions|numerous attempts/,
  /mail ?flood|bulk mail limit|per hour|per day/,
)

/** A rejection of us: address, domain, machine, account, authentication, reputation. */
const OF_THE_SENDER = rule(
  'sender',
  /send ?as ?denied|send as this sender|not allowed to send|not (?:permitted|authori[sz]ed) to (?:send|relay|use)|not permitted to submit|permissions? to send/,
  /sender(?:'s)?(?: e-?mail)?(?: address| domain| identity| verify| verification| ip| host| name)?[^.]{0,50}(?:reject|denied|invalid|refus|block|banned|not (?:allowed|accepted|verified|valid|found|authori|exist|known|a valid|owned|match)|does not (?:exist|resolve|match)|unknown|fail|unverified|unroutable|unrouteable|listed|policy|no longer|has no|suspended|disabled)/,
  /(?:invalid|bad|unknown|forged|banned|blocked|unverified|unroute?able|unauthori[sz]ed|unauthenticated|outbound|spoofed) (?:outbound )?(?:sender|return[- ]path|sending|from\b|mail from|senders|envelope from|client)/,
  /sender policy framework|domain of (?:the )?sender|from[ :-]*(?:address|header|domain)[^.]{0,50}(?:not|reject|invalid|denied|unknown|does)|mail from[^.]{0,40}(?:not|reject|invalid|denied|domain)|return[- ]path[^.]{0,40}(?:not|invalid|reject)/,
  /(?:address|domain|identity|identities|sender)s? (?:is |are |was |has )?not (?:been )?verified|not (?:yet )?(?:activated|verified)|unconfigured sending domain|verified sender|sender signature|configuration set/,
  /(?:your|sending|sender(?:'s)?|this|smtp|client)? ?account(?: \S+)? (?:is |has been |was )?(?:on hold|under review|not (?:yet )?(?:activated|approved|allowed|authori)|pending|paused)/,
  /(?:your|sending|sender's|client)(?: [\w-]+){0,2} (?:account|domain|ip|host|server|network|access|address|subscription|plan|key|user)[^.]{0,60}(?:suspend|paus|disabl|block|denied|rejected|banned|revoked|blacklist|listed|not (?:allowed|permitted|accepted)|expired|refused|reputation|compromised|restrict)/,
  /sending (?:has been |is |was )?(?:paused|suspended|disabled|blocked|restricted)|outgoing mail suspension|outbound(?: mail| email)? (?:is |has been )?(?:spam|disabled|blocked|suspended)|outboundspam/,
  /relay(?:ing)?(?: of)?(?: mail| access| is| was| attempt)*[^.]{0,30}(?:denied|not (?:permitted|allowed|authori)|prohibited|reject|refused|forbidden|disallowed|restricted)|(?:unable|not allowed|not permitted|authori[sz]ed|cannot|refus\w*|won't|will not|does ?n[o'’]t|do not|open|invalid credentials for|allowed) (?:to |for )?relay|allowed rcpthosts|no relay/,
  /authentication (?:is )?(?:required|failed|failure|unsuccessful|invalid|credentials|rejected)|authenticate first|not authenticated|must (?:issue|be|pass|authenticate|have) [^.]{0,40}(?:starttls|authenticat|spf|dkim|dmarc|reverse|ptr)|must authenticate|unauthenticated|username and password not accepted|invalid credentials|application-specific password|bad username|login (?:denied|failed|incorrect)|client was not auth/,
  /\bspf\b|\bdkim\b|\bdmarc\b|\barc\b seal|sender ?id\b|reverse[- ](?:dns|lookup|resolution)|\brdns\b|\bptr\b|(?:cannot|can't|could not|unable to) (?:find|resolve|verify) your|no (?:reverse|valid) (?:dns|hostname)|helo|ehlo|forward(?:-| and )confirmed/,
  /spamhaus|spamcop|sorbs\b|surbl|uribl|abuseat|uceprotect|barracuda(?: ?central| reputation)?|senderscore|senderbase|invaluement|mailspike|psbl|backscatterer|cloudmark|delist|trend micro|talos|ipcheck|ers-dul|manitu|ix\.dnsbl/,
  /(?:black|block|deny|reject|ban)[- ]?(?:list|listed|listing)s?\b|dns-?[rb]l|\brbl|dnsbl|dns block|blocked using|(?<!not )listed (?:at|in|on|by|as)|\bin (?:a|our|the) [rx]bl/,
  /reputation|(?:unauthori[sz]ed|unknown|bad) ip\b|banned sending|bad sender|spam abuse|traffic not accepted|tenant|poor(?:ly)? |dynamic(?:ally)? (?:ip|assigned|address|host)|residential|unsolicited mail from|spam (?:from|source)|spammers?\b|spamming|open proxy|botnet|zombie|infected|compromised/,
  /(?:client host|client|connecting host|remote ?host|mail server|mailserver|hostname|host network|host name|ip(?:v[46])?(?: address(?:es)?)?|ips|\(ip\)|\[?\(ip\)\]?)(?: \S+){0,6}? (?:is |are |was |has been |have been |being |been )?(?:temporarily |currently )?(?:rejected|blocked|block|denied|refused|banned|listed|not (?:allowed|permitted|accepted|welcome)|suspicious|forbidden)/,
  /(?:access|connection|service|mail|email|messages?)s? (?:from|to this (?:e-?mail|mail) system) [^.]{0,60}(?:denied|reject|block|refus|banned|not accepted|not allowed|weren't sent)|(?:denied|rejected|blocked|refused|banned) (?:mail |access |connections? )?(?:by|for|from) (?:your )?(?:ip|sender|\(ip\))|your access|weren't sent|blocked for abuse|abusive|server access[^.]{0,30}forbidden|go away|senders?, see|see our page for senders|user complaints|hostname is not authori[sz]ed|account outbounds disabled/,
  /sender domain|domain of sender|the sender/,
)

/** A rejection of the message, or a rule of the mailbox or its organisation. */
const OF_THE_MESSAGE = rule(
  'recipient',
  /\bspam|\bjunk\b|virus|malware|phish|\bbulk\b|unsolicited|content|banned|attachment|bounce attack|\bdt:spm|mi:spb|gtube|suspicious|dangerous|harmful|security (?:issue|polic|reason)|bare (?:lf|line ?feed)|rfc ?5?[38]22|header|malformed (?:message|mail|header)|duplicate|message[- ]id|8-?bit|smtputf8|encoding/,
  /polic(?:y|ies)|prohibit|not authori[sz]ed|restricted|restriction|permission|user (?:rules|reject|refuse)|refus\w* (?:to (?:receive|accept)|by)|recipient preferences|blocked by the recipient|only accept\w* (?:mail|messages)|members?[- ]only|moderat|subscribers? only|domain filter|filter(?:ed|s)?\b|protected by|challenge|block(?:ed|s|ing)?\b|suppression list|suppressed|prevented/,
)

/** The recipient's domain does not exist, or accepts no mail (RFC 7505). */
const NO_SUCH_DOMAIN = rule(
  'address',
  /nxdomain|indicated no smtp service|(?<!host or )\b(?:mail )?domain(?: name)?(?: \S+)? (?:does(?: not|n't) exist|not found|is unknown|unknown|is invalid|isn't valid|couldn't be found|must exist|not exist|is not valid)|(?:no such|unknown|non-?existent|invalid|bad destination|bad) (?:mail |destination |recipient )?(?:domain|host)\b|no such domain|recipient domain (?:must exist|not found)|domain (?:isn't|not) (?:accept|receiv)\w+ (?:e?mail|messages)|host unknown|unknown host|couldn't find any host named|name or service not known|unroute?able mail domain|bad destination system address|null ?mx|takes no mail|(?:5\.1\.2\b.{0,160}|type=(?:mx|aaaa|a): ?)\bhost not found(?!, try)/,
)

/** A fault of the recipient's server, or on the way to it. */
const ON_THE_WAY = rule(
  'server',
  /too many hops|hop count|mail loop|routing loop|\bloop(?:s|ed|ing)?\b|loops back|received headers|too many received/,
  /(?<!account is |account has )expired|timed? ?-?out|retry time|given up|giving up after|gave up|queue(?:d)? too long|in the queue|too long|for a long time|could not be delivered in|delivery time|not going to try|unable to deliver [^.]{0,40}(?:hours|days)/,
  /\bdns\b|name ?server|name service|lookup fail|look-?up|servfail|malformed reply|mx record|mail exchanger|type=(?:mx|aaaa|a)\b|host (?:or domain name )?not found|host unreachable|network (?:is )?unreachable|no route|unroutable host|route to host/,
  /connection (?:was )?(?:refused|reset|dropped|lost|closed|failed|timed)|connect(?:ion)? (?:error|failed)|(?:wasn't|not) able to establish|did not accept our (?:requests|connection)|no answer|not respond|cannot connect|could not connect|tls (?:handshake|required|negotiation|is required)|starttls|certificate|dane\b|tlsa|mta-sts/,
  /out of (?:memory|resources)|insufficient (?:system )?(?:storage|resources)|(?:disk|system) full|(?:local|internal|system|configuration|config) (?:error|problem|failure)|maintenance|shutting down|server (?:is )?(?:down|error|overload|too busy)|overload|database|backend/,
)

/** The mailbox does not exist, or is closed permanently. */
const NOBODY = rule(
  'address',
  `\\b${BOX}\\b${GAP} ?\\b${GONE}`,
  `\\b(?:unknown|no such|invalid|non-?existent|bad|undeliverable|unroute?able|unrecogni[sz]ed|illegal|no valid|not a valid|not a known|nonexist[ae]nt|no|invalid or unknown|not an?) (?:virtual |local |e-?mail |destination |mail )*${BOX}\\b`,
  `\\b${BOX}\\b(?:(?! but | if |[.;] ).){0,40}?\\b(?:is |was |has been |have been |currently |a |permanently |been )*${CLOSED}`,
  `\\b${CLOSED}(?: e-?mail| mail)? ${BOX}\\b`,
  /no mailbox|no account by that name|can't accept user|is not an? (?:active|current|known|valid) (?:address|mailbox|user|recipient|account)|recipients? not ok|wrong or no longer valid|address .{1,80} has been replaced by|account (?:is |has )expired|invalid final delivery userid|\bno .{1,60} in name directory|nobody (?:of|by|here|with)|(?:wasn't|was not) found at|no one at this|no person|not our customer|no such person|addresses? (?:were|was|is|are) unknown|rcpt \(.{1,100}\) \w+'t exist|not listed in|no longer (?:accepts? mail|on server|employed|works? here)|this user doesn't have|has no account|missing home directory|isn't an? (?:known|valid) |userunknown|unknownuser|invalid-recipient|no thank you rejected: account unavailable|account (?:is )?(?:not available|unavailable)|user(?: is)? unavailable|mail ?box(?: is)? (?:unavailable|not available|inaccessible)[^.]{0,20}(?:unknown|not found|not exist|or not local|user)|5\.4\.1[^.]{0,60}recipient address rejected: access denied|recipient has moved|moved and left|<\(address\)>[.: ]*not found|\(address\)>? (?:does not exist|not found|unknown|is unknown|is not valid|user unknown)/,
  /utilisateur inconnu|destinataire (?:inconnu|invalide)|adresse[^.]{0,40}(?:inexistante|invalide|inconnue)|n'existe pas|unbekannte[rn]? (?:empfänger|benutzer|adresse)|(?:empfänger|benutzer|adresse|postfach)[^.]{0,40}(?:unbekannt|existiert nicht|nicht gefunden|nicht vorhanden)|no existe|usuario (?:desconocido|inexistente)|utente (?:sconosciuto|inesistente)|nessun utente|inesistente|usu[aá]rio (?:desconhecido|inexistente|n[aã]o)|n[aã]o existe|не существует|не найден|нет такого|неизвестный пользователь|nie istnieje|nieznan|onbekende? (?:gebruiker|ontvanger)|bestaat niet|宛先が見つから|存在し(?:ない|ませ)|見つかりません|不明なユーザ|不存在|无此用户|找不到/,
)

/** Words that take precedence over codes. The first match counts. */
export const STRONG_WORDS: readonly WordRule[] = [
  OPEN,
  ...NAMED,
  GREYLISTED,
  OF_THE_MAILBOX,
  LIMITS,
  OF_THE_SENDER,
  OF_THE_MESSAGE,
  NO_SUCH_DOMAIN,
  ON_THE_WAY,
  NOBODY,
]

/** Words that count only when no code names a cause. */
export const WEAK_WORDS: readonly WordRule[] = [
  rule('recipient', /quota|\bfull\b/),
  rule('server', /temporar|try (?:again|later)/),
  rule(
    'address',
    /mail ?box unavai?l?able|mail ?box is unavailable|mail ?box not available|mail ?box unavailable or access denied/,
  ),
  rule('address', /(?<!sender |from )address rejected(?!:)/),
  rule('server', /later\b|unavailable|not available|busy|service (?:is )?(?:not|un)|failure|internal|moment/),
]
