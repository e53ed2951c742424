"""Sentence templates of titles and abstracts; a word in braces is a slot to be filled."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


TITLES = _lines("""
    {name}: {adj} {mech} for {topic}
    {name}: {topic} with {adj} {device} {mech}
    {name}: {topic} in {setting} via {mech}
    {name}: {adj} {topic} from {things}
    {name}: {mech} of {things} for {adj} {topic}
    {name}: rethinking {things} in {topic}
    {adj} {mech} of {things}: {name} for {topic}
    {name}: scaling {topic} to {setting}
    {name}: {goal} in {topic} through {adj} {mech}
    {name}: what {things} reveal about {flaw} in {topic}
    {name}: {topic} under {flaw}
    {name}: a {adj} {device} for {topic} in {setting}
    {name}: measuring {goal} of {topic} with {things}
    {name}: taming {flaw} in {topic}
    {name}: {topic} beyond {setting}
    {name}: learning {things} for {adj} {topic}
""")

CONTEXT = _lines("""
    work on {topic} has become {matters} in {setting}, where {people} rely on {things} daily.
    {setting} confront {topic} with {things} that shift {adverb}, often {cond}.
    {goal} remains the weak side of {topic}, {adverb} so in {setting}.
    {people} increasingly expect {goal} from {topic} {cond}.
    progress in {topic} is {adverb} held back by {flaw}, and {setting} suffer first.
    few problems are as {matters} as {topic}, for {things} behave {adverb} {cond}.
    {things} and {things} pull {topic} apart, which {people} in {setting} notice {adverb}.
    deploying {topic} in {setting} exposes {flaw} as well as {flaw}.
    how {things} shape {topic} seems {matters}, yet {setting} offer {adverb} changing answers.
    recent success in {topic} builds on {mech} over {things}, a choice {people} {adverb} question.
    in {setting}, {topic} must weigh {goal} against {goal}, {cond}.
    results in {topic} look {adverb} good to {people}, but {things} in {setting} remain {matters}.
""")

GAP = _lines("""
    existing systems handle {things} {adverb} and inherit {flaw}, {cond}.
    {link}, most recipes treat {things} as fixed, so {flaw} appear {cond}.
    {adj} {mech} alone {lowers} {goal} {cond}, because {flaw} go unnoticed.
    the usual remedy, {adj} {mech}, trades {goal} for {goal} and leaves {flaw} untouched.
    {people} who apply {mech} to {setting} report {flaw} {cond}.
    earlier work {adverb} assumes clean {things}; {setting} rarely provide them.
    neither {mech} nor {adj} {mech} explains why {things} fail {cond}.
    {flaw} stay hidden, since {rival} {adverb} ignore {things}.
    we trace this to {flaw}: {things} are {adverb} updated while {things} are not.
    test sets built from {setting} miss {flaw}, and {goal} looks better than it is.
    a closer look at {count} {rival} shows {flaw} in {pct} of {things}.
    {link}, {rival} depend on {mech}, which {cond} brings {flaw} back.
""")

PROPOSAL = _lines("""
    we introduce {name}, a {adj} {device} that {turns} {things} before {mech} begins.
    this paper presents {name}: {adj} {mech} of {things}, driven by a {adj} {device}.
    {name}, our {adj} approach to {topic}, {joins} {things} with {things} through {mech}.
    we propose {name}, which {adverb} {turns} {things} and {lowers} {flaw}.
    our answer is {name}; it {joins} a {adj} {device} and {adj} {mech} for {topic}.
    {link}, we build {name}, a {device} whose {adj} {mech} {lifts} {goal}.
    we develop {name} so that {topic} can use {things} {cond}.
    {name} recasts {topic} as {adj} {mech} over {things}, with one {device} per group.
    we study {adj} {mech} and arrive at {name}, where a {device} {adverb} {turns} {things}.
    here {people} find {name}, a {adj} {device} for {topic} that {lowers} {flaw} {cond}.
    with {name} we replace {adj} {mech} by a {device} that {turns} {things} {adverb}.
""")

MECHANISM = _lines("""
    a {adj} {device} {turns} {things}, and its {mech} {lowers} {flaw}.
    {link}, {mech} {joins} {things} with {things} {cond}.
    each {device} {turns} {things} {adverb}, which {lifts} {goal} {cond}.
    training proceeds by {adj} {mech}, then {adj} {mech}, over {many} {things}.
    the {adj} {device} keeps {count} {things} at hand and {turns} the rest {adverb}.
    {adj} {mech} {lowers} {flaw}, whereas {adj} {mech} {lifts} {goal}.
    {things} pass a {adj} {device} first; a second {device} {joins} them {cond}.
    we derive a {adj} {device} from {things}, so {mech} costs {pct} of the original budget.
    {link}, the {device} {turns} {things} only {cond}, sparing {pct} of {mech}.
    two signals, {things} and {flaw}, steer the {adj} {device} {adverb}.
    instead of {adj} {mech}, every {device} {adverb} {joins} {things}.
    we show that {mech} {lifts} {goal} exactly {cond}, and choose the {device} {adverb}.
    a schedule of {count} stages {turns} {things} before {adj} {mech} takes over.
    for {things}, {mech} runs {adverb}; for {things}, a {adj} {device} decides.
    the resulting {device} is {adj}: {things} enter once, {mech} {lowers} {flaw}.
    gradients reach the {adj} {device} through {mech}, {adverb} weighted by {things}.
    {link}, a {adj} {device} estimates {goal} and {adverb} {turns} {things}.
    no labels beyond {many} {things} are needed, as {adj} {mech} {lowers} {flaw}.
""")

THEORY = _lines("""
    under mild assumptions, {adj} {mech} {lowers} {flaw} at a rate set by {things}.
    our analysis {joins} {goal} with {flaw} and predicts when {mech} fails.
    a {adj} argument shows why {things} matter more than {things} {cond}.
    we prove that {mech} is {adj} whenever {things} vary {adverb}.
    inspection reveals {flaw} in {count} of the studied layers, {adverb} tied to {things}.
    controlled studies in {setting} separate {flaw} from {flaw}.
    a small {device} of {count} units already explains {high_pct} of {goal}.
    inspecting {things} by hand, {people} attribute {pct} of errors to {flaw}.
""")

EXPERIMENT = _lines("""
    we evaluate on {suite}, {suite} and {many} {things} from {setting}.
    experiments cover {setting}, {setting} and {count} held-out {things}.
    across {count} tasks in {setting}, {name} is compared with {rival} and {rival_name}.
    on {suite}, a {size} model with {name} meets {rival} {cond}.
    {people} in {setting} rated {many} {things} against {rival}.
    tests with {size} and {size} backbones span {suite} as well as {setting}.
    we collect {suite}, {many} {things} drawn from {setting}, and test {count} systems.
    three settings, {setting}, {setting} and {suite}, stress {goal} {cond}.
    using {many} {things}, we repeat every run {count} times on {suite}.
    {suite} and {suite}, both from {setting}, serve to measure {goal}.
""")

RESULT = _lines("""
    {name} {lifts} {goal} by {pct} over {rival}, with {factor} lower {goal}.
    it reaches {score} on {suite}, {pct} above {rival_name}, {cond}.
    {goal} grows by {pct}, and {flaw} drop by {factor} {cond}.
    compared with {rival}, {name} needs {factor} fewer {things} for equal {goal}.
    the {size} variant scores {score} and outruns {rival} by {factor}.
    gains of {pct} in {goal} hold {cond}, at {factor} less {mech}.
    {name} attains {score} {cond}, and {rival_name} trails by {pct}.
    {name} matches {rival} on {suite} while it {lowers} {goal} overhead by {pct}.
    in {setting}, {flaw} fall from {high_pct} to {pct} {cond}.
    averaged over {count} seeds, {goal} improves by {pct} on {suite}.
    {people} prefer {name} in {high_pct} of {things}, {rival} in {pct}.
    a {factor} speedup over {rival_name} comes with {score} on {suite}.
""")

ABLATION = _lines("""
    ablations credit {mech} with {pct} of the gain, the {adj} {device} with the rest.
    removing the {device} costs {pct} in {goal}, {adverb} more {cond}.
    {link}, {adj} {mech} transfers to {setting} {cond}.
    the benefit persists {cond} and even {lifts} {goal} in {setting}.
    failures concentrate on {things}, where {flaw} return {cond}.
    swapping {adj} {mech} for {adj} {mech} changes {goal} by under {pct}.
    with {count} {things} per step, {goal} saturates; {flaw} do not reappear.
    {goal} degrades {adverb} as {things} are dropped, unlike {rival}.
    sensitivity to the {device} stays below {pct} {cond}.
    {things} turn out to be {matters}: without them, {flaw} rise by {factor}.
""")

CLOSING = _lines("""
    our findings suggest that {mech} deserves a place in {topic} {cond}.
    we release {release} and {release} for {people}.
    {name}, {suite} and all {release} are made available to {people}.
    {link}, {topic} may profit from {adj} {mech} well outside {setting}.
    we hope that {people} take {things} as seriously as {goal} in {topic}.
    code, {release} and {many} {things} accompany the paper.
    these results point to {things}, not {mech}, as the next step for {topic}.
    {people} can adopt {name} {adverb}, since it leaves {things} unchanged.
    together, {mech} and {things} open {topic} to {setting}.
    {release} will be shared, together with lessons from {setting}.
""")

CROSSING = _lines("""
    we tie this to {second}, where {second_things} raise the same question {cond}.
    {link}, a gain for {second}: {second_things} from {second_setting} reach {pct} in {goal}.
    a case study in {second} {joins} {things} with {second_things}.
    applied to {second}, the {adj} {device} {turns} {second_things} {adverb}.
    our main test bed for {things} is {second} in {second_setting}.
    built for {second}, {name} {turns} {second_things} along with {things}.
    {second_setting} show that {flaw} hurt {second} and {topic} alike.
    with {second_things} as input, {topic} can help {second} {cond}.
""")

AI_SUMMARY = _lines("""
    {name} applies {adj} {mech} to {things} for {topic}, which {lifts} {goal} in {setting}.
    a {adj} {device} called {name} {turns} {things} and {lowers} {flaw} in {topic}.
    {adj} {mech} in {name} {joins} {things} and {things}, and {lifts} {goal} of {topic}.
""")
