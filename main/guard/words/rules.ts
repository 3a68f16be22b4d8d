/**
 * What attackers say to agents. Each rule is a kind of thing said, with a weight; the weights of different reasons add
 * up. Patterns run over folded, small letters; every repetition in them is bounded, so that none can be made slow.
 */
export interface Rule {
  readonly reason: string;
  /** 1 blocks by itself; 0.5 flags. */
  readonly weight: number;
  readonly pattern: RegExp;
}

const GAP = '[^.!?\\n]{0,45}?';
const near = (first: string, second: string): RegExp =>
  new RegExp(`\\b(?:${first})\\b${GAP}\\b(?:${second})\\b`);
const any = (words: string): RegExp => new RegExp(`\\b(?:${words})\\b`);

const OVERRIDE =
  'ignor(?:e|es|ed|ing)|disregard(?:s|ing)?|forget|override|overrule|bypass|discard|neglect|violat(?:e|es|ing)|circumvent|break|abandon|drop|unlearn|overwrite|cancel|go(?:es)? against|not follow|no longer follow|free from|free of|not bound by|not have to (?:follow|abide|adhere)(?: by| to)?';
const INSTRUCTIONS =
  "instructions?|prompts?|guidelines?|directives?|programming|training|restrictions?|constraints?|policies|policy|guardrails|safeguards?|safety|ethical|ethics|morals?|confines|system message|content filters?|filters?|openai'?s?|regulations";
const EXTRACT =
  "show|reveal|print|repeat|output|display|tell|give|translate|encode|decode|write|recite|dump|leak|share|read|list|convert|summari[sz]e|paraphrase|copy|paste|send|see|know|expose|disclose|spell|replace|say|return|continue|complete|rot13|base64|what(?: is| are| were|s|'s)|opposite of";
const PROMPT =
  'system ?prompts?|systemprompt|system instructions?|system messages?|system configuration|system_prompt|initial (?:prompt|instructions?|configuration|message|text)|initiali[sz]ation (?:string|prompt|text)|(?:starting|original|hidden|secret|first|previous|internal|given) (?:prompt|instructions?)|your (?:own |exact |full |complete )?(?:prompt|instructions)|those instructions|these instructions|instructions you (?:were|are|have|got)|developer message|(?:text|message|words|everything|prompt|instructions?) (?:above|before this)|above (?:text|prompt|instructions?|message)|(?:text|instructions?|prompt) you were given|context window|configuration prompt';

export const RULES: readonly Rule[] = [
  // Instructions to the agent
  {
    reason: 'overrides-instructions',
    weight: 1,
    pattern: near(
      OVERRIDE,
      `(?:your|all|any|previous|prior|above|earlier|preceding|these|those|its|the|original|openai'?s?)\\b[^.!?\\n]{0,25}?\\b(?:${INSTRUCTIONS})`,
    ),
  },
  {
    reason: 'overrides-instructions',
    weight: 0.6,
    pattern: near('ignore|disregard|forget', 'previous|prior|earlier|everything|all|above|before'),
  },
  {
    reason: 'new-instructions',
    weight: 0.7,
    pattern:
      /\b(?:new|updated|following|custom|these) (?:instructions?|rules|ruleset|rule set|directives?|guidelines)\b(?! (?:for|on|about) (?:my|the|your) )/,
  },
  {
    reason: 'new-identity',
    weight: 1,
    pattern:
      /\byou (?:are|will be|r) now (?:an?|the|my|in|called|named|free|known|\w{1,20}bot|\w{1,20}gpt|no longer|going to (?:act|be|pretend|play))\b/,
  },
  {
    reason: 'new-identity',
    weight: 0.7,
    pattern:
      /\b(?:you are|you're|ur|you r|your name is|you will be|you shall be) (?:no longer|going to (?:act|be|pretend|play|immerse|roleplay)|an? (?:ai|artificial|language model|chatbot|unfiltered|uncensored|evil|fictional|character|bot))\b/,
  },
  {
    reason: 'new-identity',
    weight: 0.6,
    pattern:
      /\b(?:from now on|from this (?:point|moment)|for the rest of this|in this (?:chat|conversation|role|game|scenario)|henceforth),? [^.!?\n]{0,30}?\b(?:you|your|act|answer|respond|reply|i am)\b/,
  },
  {
    reason: 'new-identity',
    weight: 0.6,
    pattern:
      /\b(?:pretend|imagine|assume) (?:to be|you|that you|you're|as|being)\b|\bplay(?:ing)? the (?:role|part|character)\b|(?<!\b(?:i|he|she|we|they|him|her|me|to|who|someone) )\b(?:act|acting|behave|respond|answer|reply|speak|talk|write|portray) (?:only |exactly |both |back )?(?:as|like) (?!to|why|soon|possible|quickly|well|fast|before|usual|far|follows|this|it|much|long)\w+/,
  },
  {
    reason: 'new-identity',
    weight: 0.6,
    pattern:
      /\b(?:role ?-?play(?:ing)?|personas?|personality profile|personalities|alter ego|alternate ego|in the role of|take on the (?:role|persona)|adopt the|personify|transform into|immerse yourself|simulat(?:e|ing|or)|impersonate|embody)\b/,
  },
  {
    reason: 'new-identity',
    weight: 0.7,
    pattern:
      /\b(?:stay|staying|remain|keep|be|break|breaks|breaking|out of|back (?:in|to)) (?:in |ing in )?character\b/,
  },
  {
    reason: 'new-identity',
    weight: 0.4,
    pattern: /\b(?:you are|you're|ur|you r|you will be) now\b/,
  },
  {
    reason: 'commands-the-agent',
    weight: 0.4,
    pattern:
      /\bi (?:want|need|would like|d like|'d like) you to\b|\byou (?:will|must|shall|should|can|have to|are to|need to) (?:always|never|now|not|only|answer|respond|reply|write|act|provide|generate|obey|comply|follow|say|start|begin|speak|pretend|be)\b/,
  },
  {
    reason: 'commands-the-agent',
    weight: 0.4,
    pattern:
      /\b(?:respond|reply|answer|responses?|replies) (?:only|to (?:every|all|each|any)|in (?:two|the form|all caps|this format|the following)|with the)\b|\b(?:every|each|all) (?:prompt|response|message|reply|question|answer)s?\b|\bnever (?:say|refuse|break|mention|apologi[sz]e|use)\b/,
  },
  {
    reason: 'commands-the-agent',
    weight: 0.4,
    pattern:
      /\b(?:if you (?:understand|understood)|to (?:start|begin|confirm|acknowledge),? (?:say|reply|type|write)|only (?:say|reply|respond)|don'?t (?:say|write|include|mention|add|use)|do not (?:say|write|include|mention|explain|add|respond|use|write)|no matter what|under any circumstances)\b/,
  },
  // Out of all limits
  {
    reason: 'no-limits',
    weight: 1,
    pattern:
      /\bdo anything now\b|\b(?:anything|everything) (?:goes|is allowed)\b.{0,40}\b(?:ai|bot|model)\b|\bjail ?(?:break|broken)/,
  },
  {
    reason: 'no-limits',
    weight: 0.7,
    pattern:
      /\b(?:no|without|zero|not have|hasn'?t|free (?:of|from)|lacks?|removes?) (?:any |all |its |the |your )?(?:other )?(?:rules?|restrictions?|limits?|limitations?|filters?|filtering|morals?|moral principles|ethics|ethical|boundaries|censorship|guidelines|constraints|content filters?|warnings|disclaimers?|prohibitions)\b/,
  },
  {
    reason: 'no-limits',
    weight: 0.8,
    pattern:
      /\b(?:unfiltered|uncensored|unrestricted|unhinged|amoral|unmoderated|unethical|immoral|limitless|boundless)\b/,
  },
  {
    reason: 'no-limits',
    weight: 0.7,
    pattern:
      /\b(?:regardless of|not care about|doesn'?t care about|don'?t care about|ignor(?:e|ing)|disregards?|no regards? (?:for|to)|without regard)\b[^.!?\n]{0,40}\b(?:legal|illegal|law|laws|ethic|ethics|ethical|ethicality|moral|morals|morality|immoral|consequences|safety)\b/,
  },
  {
    reason: 'no-limits',
    weight: 0.6,
    pattern:
      /\b(?:never|cannot|can'?t|won'?t|will not|don'?t|do not|doesn'?t|must not) (?:ever )?(?:refuse|reject|decline|deny|censor|moralize|say no)\b|\b(?:illegal|unethical|immoral|harmful|explicit|offensive|inappropriate|nsfw|vulgar|profanity|racist)\b[^.!?\n]{0,60}\b(?:content|responses?|answers?|language|requests?|activities|jokes?|material|information|things)\b/,
  },
  {
    reason: 'no-limits',
    weight: 0.5,
    pattern:
      /\b(?:hypothetical|fictional|fictitious|imaginary|alternate|parallel)\b[^.!?\n]{0,30}\b(?:world|scenario|universe|story|character|response|ai|model|language|example|setting|api)\b/,
  },
  // Talk about the machine
  {
    reason: 'talks-to-the-model',
    weight: 0.8,
    pattern:
      /\b(?:chat ?-?gpt\w{0,12}|gpt-?\d?\w{0,12}|\w{1,12}gpt|openai|open ai|large language|language models?|bing ai)\b/,
  },
  {
    reason: 'talks-to-the-model',
    weight: 0.6,
    pattern:
      /\b(?:llms?|chatbots?|bard|anthropic|gpt|ai (?:model|assistant|bot|language|system|character)s?|an ai|evil ai|as ai)\b/,
  },
  {
    reason: 'talks-to-the-model',
    weight: 0.4,
    pattern:
      /\b(?:dan|stan|aim|dude|anarchy|sydney|machiavelli\w*|mongo tom|evil ?bot|devmode|niccolo) (?:mode|is|will|can|has|does|should|doesn'?t|never|would|may|response)\b|\bas dan\b/,
  },
  {
    reason: 'talks-of-prompts',
    weight: 0.5,
    pattern:
      /\bprompts?\b|\bpre-?prompt\b|\b\d* ?tokens? (?:left|system|each|per)\b|\byour (?:training|programming|knowledge cutoff|creators?|developers?)\b|\bcontent polic(?:y|ies)\b|\bcontent filters?\b/,
  },
  {
    reason: 'placeholder',
    weight: 0.5,
    pattern:
      /[[<({](?:insert|your|put|user|enter|target)? ?(?:your |a |the )?(?:prompt|question|request|text|topic|targetlanguage|input|role|input here|name)(?: goes)?(?: here)?[\])}>]|\[(?:sep|inst|system|user|assistant)\]/,
  },
  // Extraction
  { reason: 'asks-for-prompt', weight: 1, pattern: near(EXTRACT, PROMPT) },
  { reason: 'asks-for-prompt', weight: 0.6, pattern: any(PROMPT) },
  {
    reason: 'asks-for-prompt',
    weight: 1,
    pattern:
      /\bwhat (?:were|are|have) you (?:been )?(?:told|instructed|programmed|given|asked|not (?:supposed|allowed|permitted))\b|\b(?:i|you) (?:was|were|am|are) instructed to\b|\bmy (?:initial |system )?(?:instructions|prompt) (?:are|is)\b/,
  },
  {
    reason: 'asks-for-prompt',
    weight: 0.9,
    pattern:
      /\b(?:repeat|print|output|recite|copy|write|show|summari[sz]e|translate|display)\b[^.!?\n]{0,40}\b(?:entire|whole|full|this|everything|all|our) (?:conversation|chat|context|text|transcript)\b/,
  },
  {
    reason: 'asks-for-prompt',
    weight: 1,
    pattern:
      /\b(?:repeat|print|output|recite|copy|write|replace)\b[^.!?\n]{0,20}\b(?:everything|text|words|lines?|message) (?:above|before|so far|you)\b|\babove\b[^.!?\n]{0,25}\b(?:verbatim|word for word|code block)\b/,
  },
  {
    reason: 'asks-for-secrets',
    weight: 0.8,
    pattern: near(
      'reveal|show|tell|give|print|list|dump|read|export|leak|what is|what are',
      "(?:other|another|all|every|everyone'?s?|any) (?:customers?|clients?|patients?|users?|members?|people'?s?|person'?s?)'?s? (?:\\w+ )?(?:data|details|names?|accounts?|balances?|records?|numbers?|passwords?|information|files?)",
    ),
  },
  {
    reason: 'asks-for-secrets',
    weight: 0.9,
    pattern: near(
      'reveal|show|tell|give|print|dump|leak|what is|what are',
      '(?:admin(?:istrator)?|root|system|database|api|master|service|private|encryption|staff|teller) (?:passwords?|keys?|credentials?|tokens?|secrets?|logins?)',
    ),
  },
  // Impersonation of staff or system
  {
    reason: 'claims-authority',
    weight: 0.7,
    pattern:
      /\bi'?(?:m| am)? (?:am )?(?:a|an|the|your|one of (?:the|your)) (?:\w+ ){0,2}?(?:developers?|administrators?|admin|engineers?|programmers?|creators?|sysadmin|auditor|penetration tester|security researcher)\b/,
  },
  {
    reason: 'claims-authority',
    weight: 0.5,
    pattern:
      /\b(?:i am|i'?m|this is) (?:the|your|from) (?:\w+ ){0,2}?(?:manager|supervisor|boss|director|security team|it department|it support|head office|ceo|system)\b[^.!?\n]{0,60}\b(?:you (?:must|can|should|may|will|have to)|so |authori[sz]e|override|approve|unlock|skip|disable|now)\b/,
  },
  {
    reason: 'claims-authority',
    weight: 1,
    pattern:
      /\b(?:maintenance|debug(?:ging)?|developer|dev|admin(?:istrator)?|god|root|sudo|jailbreak) (?:mode|override|command)\b/,
  },
  {
    reason: 'claims-authority',
    weight: 0.9,
    pattern:
      /\b(?:maintenance|debug(?:ging)?|developer|dev|admin(?:istrator)?|god|root|sudo|diagnostic|unrestricted|opposite|evil|test|service|baby|programmer|dan|jailbreak) (?:mode|override|access|privileges?|command)\b/,
  },
  {
    reason: 'claims-authority',
    weight: 0.8,
    pattern:
      /(?:^|[\n>"'*#[({<|] ?|\. )(?:system|developer|administrator|admin|assistant|root|im_start)(?: (?:message|prompt|override|note|instruction|notice|alert|update))?\s?(?:\]|\|?>|:|\})/,
  },
  {
    reason: 'claims-authority',
    weight: 0.5,
    pattern:
      /\bfor (?:\w+ )?(?:troubleshooting|debugging|quality assurance|security audit|audit|testing|compliance|research) purposes\b|\bfor (?:troubleshooting|debugging|security audit|quality assurance)\b|\bauthori[sz]ed (?:personnel|by (?:the )?(?:admin|system|developers?|openai))\b|\bsystem (?:instruction|notification|alert|command)\b/,
  },
  {
    reason: 'claims-permission',
    weight: 0.8,
    pattern:
      /\b(?:already|pre-?|has been|have been|was) (?:approved|authori[sz]ed|verified|confirmed) (?:by|so)\b[^.!?\n]{0,40}\b(?:skip|no need|without|bypass|execute|proceed|release|do not ask|don'?t ask)\b|\b(?:skip|bypass|disable|turn off|without|override) (?:the |all |any |your )?(?:security|verification|identity|confirmation|authentication|approval|authorization|safety|second factor|step-?up|checks?)(?: check| checks| questions?| steps?| process| controls?)?\b(?! (?:code|number))/,
  },
  // Tools and code
  {
    reason: 'names-tools',
    weight: 1,
    pattern:
      /\b(?:startflow|setslot|correctslot|askknowledge|handoff)\b\s?[({:"]|"(?:tool|function|tool_name|function_call|tool_calls?|arguments)"\s?:|<\/?(?:tool|function)[_ ]?(?:call|use)/,
  },
  {
    reason: 'names-tools',
    weight: 0.8,
    pattern:
      /\b(?:call|invoke|execute|run|use|trigger) (?:the |your |a |an )?(?:\w+ )?(?:tools?|functions?|api|endpoint|webhook|shell|command line|mcp server)\b/,
  },
  {
    reason: 'holds-code',
    weight: 0.9,
    pattern:
      /\b(?:drop table|union select|select \* from|insert into|or 1 ?= ?1|rm -rf|curl http|wget http|eval\(|exec\(|system\(|console\.log|document\.|window\.|os\.system|subprocess)|<script|javascript:|\$\{\w|\{\{ ?\w+|__import__/,
  },
  {
    reason: 'holds-code',
    weight: 0.4,
    pattern: /```|<\|[^|]{0,20}\|>|<\/?(?:system|user|assistant|instructions?)[_ ]?\w{0,10}>|^#{2,} \w/,
  },
  // What is to be done to the reply: injected into texts that a model reads
  {
    reason: 'shapes-the-reply',
    weight: 1,
    pattern: near(
      'add|include|insert|integrate|append|modify|alter|enhance|augment|incorporate|embed|scramble|jumble|misspell|rearrange|anagram|replace|substitute|encode|group|remove|combine|introduce|tease|suggest|convert|swap|reverse|omit|mention|promote|advertise|weave|sneak|put',
      "(?:in|to|into|of|from|your|the|within|throughout) (?:your |the |its )?(?:reply|response|responses|answer|answer's|output|message's letters|generated text)",
    ),
  },
  {
    reason: 'shapes-the-reply',
    weight: 1,
    pattern:
      /\b(?:in|to|into|with|throughout) your (?:reply|response|responses|answer|output)\b[^!?\n]{0,60}\b(?:add|include|suggest|mention|tease|write|use|offer|promote|integrate|hint|say|link)|\byour (?:response|reply|answer|message|output)(?:'s)? (?:using|without (?:any )?(?:spaces|punctuation|vowels)|in (?:anagram|base64|code|rot|reverse|emoji|morse|cipher|hex)\w*|with (?:intentional|random|symbols|typos|numbers)|should (?:be|start|begin|end|contain|include)|must (?:be|start|begin|end|contain|include))/,
  },
  {
    reason: 'shapes-the-reply',
    weight: 1,
    pattern:
      /\b(?:add|include|insert|integrate|append) [^\n]{0,140}?\b(?:to|in|into|within) your (?:reply|response|answer|output)\b|\b(?:replace|substitute|convert|swap) [^.!?\n]{0,20}?\b(?:vowels|consonants|every \w{1,12} letter|all letters|letters (?:in|with|of))\b/,
  },
  {
    reason: 'shapes-the-reply',
    weight: 1,
    pattern: near(
      'start|begin|end|finish|preface|prefix|conclude|sign',
      '(?:your|all|every|each|the|any) (?:\\w+ )?(?:reply|response|responses|answers?|messages?|output)(?: with| by| using)?',
    ),
  },
  {
    reason: 'shapes-the-reply',
    weight: 1,
    pattern:
      /\b(?:render|provide|use|write|give|convert|encode|group|use) [^.!?\n]{0,45}\b(?:substitution|anagrams?|base64|rot13|morse|ciphers?|symbols|typos|misspellings?|caesar)\b|\b(?:beginning|starting) with ["'\u201C\u2018]/,
  },
  {
    reason: 'shapes-the-reply',
    weight: 1,
    pattern:
      /\b(?:scramble|anagram|jumble|misspell|rearrange) (?:up )?(?:the |every |each )?(?:\w+ )?(?:letters?|words?|keywords?)\b|\banagrams? for\b/,
  },
  // Work that is no desk's
  {
    reason: 'task-for-a-model',
    weight: 0.5,
    pattern:
      /\b(?:write|compose|draft|generate|develop|create|provide|give me|tell me)\b (?:\w+ )?(?:a|an|the|some) (?:\w+ ){0,3}?(?:poem|story|stories|essay|song|script|speech|article|introduction|rap battle|dialogue|screenplay|novel|tutorial|python|blog|tweet|limerick|haiku|fanfic\w*)\b/,
  },
  {
    reason: 'task-for-a-model',
    weight: 0.5,
    pattern:
      /\b(?:translate|what(?: is|'s)) [^.!?\n]{0,60}\b(?:in|to|into) (?:english|french|german|spanish|russian|japanese|chinese|italian|latin|emoji)\b|\bhow do you say [^.!?\n]{0,40} in \w+|\b(?:simple|example of a?) (?:python|javascript|php|sql|java) (?:function|script|program)\b|\bexplain (?:the (?:theory|process|concept)|how recursion)\b/,
  },
  {
    reason: 'task-for-a-model',
    weight: 0.5,
    pattern:
      /\b(?:malware|ransomware|phishing|keylogger|meth|cocaine|molotov|pipe bomb|credit card (?:generator|skimmer))\b[^.!?\n]{0,40}\b(?:recipe|code|guide|instructions|step by step|make|build|write)\b/,
  },
];

/** Told without spaces between the words (letters spaced out evenly, or run together). */
export const SQUEEZED =
  /(?:ignore|disregard|forget|override|bypass)(?:all|any|the|your|my|of|previous|prior|above|earlier){1,5}(?:instruction|rule|prompt|guideline|restriction)|(?:show|reveal|print|repeat|tell|output|giveme|display)(?:me|us|the|your|all|of){0,4}(?:system|initial|secret|hidden)?(?:prompt|instructions)|doanythingnow|developermode|youarenow|pretendtobe|systemprompt|jailbreak/;
