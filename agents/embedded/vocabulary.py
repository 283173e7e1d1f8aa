"""The words that carry no subject, or little of one: what every question and every document is full of."""

STOP_WORDS = """
    a about above after again against all almost along already also although always am among an and another any
    anyone anything are aren't around as at away be became because become been before behind being below
    between both but by can can't cannot could did didn't do does doesn't doing don't done down during each
    either else enough etc even ever every everything few for from further gave get gets getting give given gives
    go goes going got went had has have haven't having he her here hers him his how however i i'm if in indeed
    instead into is isn't it it's its itself just least less let like likely made mainly make makes making
    many may me might more most much must my myself near need needs neither never no nobody none nor not
    nothing now of off often on once one only onto or other others otherwise our ours out over own part per
    perhaps please put quite rather really same shall she should shouldn't since so some something still
    such take taken takes taking took than that that's the their theirs them themselves then there therefore
    these they this those through thus to together too toward towards under until up upon us very via want wants
    was wasn't way ways we well were weren't what what's when where whether which while who whole whom whose why
    will with within without won't would yes yet you your yours"""
"""Words that carry no subject in any question."""

LIGHT_WORDS = """
    actual affect answer ask available aspect basic become best better bring case cause certain change common
    compare concern consider contain current define depend describe detail different difference difficult
    document effect effective evidence exact example exist explain fact find follow form future general good
    happen have help high impact important include increase influence involve issue keep key kind know large
    last latest learn like look low major matter mean new overall overview particular people place point
    possible present problem provide question recent report result right role say see set several shape show
    significant similar simple situation sort start specific stay study subject suggest summary tell thing
    think today topic trend true turn type understand use user usual various view work year"""
"""Words that many questions hold whatever their subject: they say a little, and never decide."""

COMMON_WORDS = """
    able accept achieve across act active actually add advantage afford agree aim allow alone amount apart
    appear approach area argue arrange arrive attempt attention attract avoid back bad balance base bear
    beat beautiful begin believe belong benefit beyond big bit blame bother bottom break broad build busy
    call calm capable care careful carry catch chain challenge chance character charge cheap check child
    choice choose clear close collect combine come comfortable complete complex condition connect
    consequence continue contribute control convince cope correct count country couple cover create criteria
    critical cross cut daily danger day deal decade decide decision deep degree deliver demand deny depth
    deserve design desire despite detect determine develop development difficulty direct disappear discover
    discuss distance divide door double doubt draw drive drop due early easy effort element emerge enable
    encourage end enjoy ensure enter entire equal escape especially essential establish estimate event
    eventually everyday evolve exactly except exchange expect expensive experience explore express extend
    extent extra extreme face fail failure fair fall familiar family famous fast fear feature feel field
    figure fill final finish fit fix flow focus force forget forward free frequent fresh friend full
    function gain gap gather gone great group grow growth guess half halfway hand handle hang happy hard
    hardly harm hate head heavy hide highly hit hold home hope hour house huge hurt idea identify ignore
    imagine immediate improve incredible independent individual industry initial inside intend intense
    interest introduce invest invite item join judge jump kept known lack land late lay lead leave left
    length lie life lift limit line link list listen little live local long longer loose lose lost lot love
    lower luck man manage manner mark match maximum maybe measure meet member mention mid middle mind
    minimum minute miss mistake mix modern moment money month mood move movement narrow nature necessary
    negative next nice night normal note notice object obvious occur odd offer official old open operate
    opinion opportunity opposite option order ordinary organise origin original outcome outside pace pair
    partner pass past pattern pay peak perfect period person personal pick picture piece plan play plenty
    pose position positive power practical practice prefer prepare press pressure pretty prevent previous
    price primary private process produce product progress project promise proper propose protect prove pull
    purpose push quality quarter quick quiet raise range rapid rare rate reach react read ready real realise
    reality reason receive recognise record reflect refuse regular reject relation relative release rely
    remain remember remind remove repeat replace reply represent require respond rest return reveal rise
    risk rough round rule run safe sale save scale scene season second section sector seek select sell send
    sense separate serious serve service settle severe share sharp shift short shut side sign simply site
    size slight slow small smooth social solid solution solve soon sound speak special spend spread stage
    stand standard state status step stick stop store story strange strategy street stress stretch strict
    strike strong struggle succeed success sudden suffer suit supply support suppose sure surface surprise
    survive switch system table talk target task tend term test theory thick thin threat throw tie tight
    time tiny tomorrow tonight top total touch tough track trade tradition train transform treat trouble
    trust try twice typical unit unlike value vary version visit wait walk wall watch weak week weigh weight
    whatever whenever wherever wide win wish woman wonder word worry worse worst worth write wrong young"""
"""Words of every day: that documents lack them says nothing about what the documents are about."""

GENERIC_WORDS = """
    abstract annex annual appendix april archive article assorted august background book brief briefing bulletin
    cent centimetre chapter collection column conclusion content contents copy correction crown date day
    december doc docs documentation documents dollar draft edition editorial eight eleven essay essays euro
    evaluation faq february fifth file files final finding findings first five folder four fourth general
    gram guide guides handbook hour html hundred index interview intro introduction item january journal
    july june kilo kilometer kilometre last letter library limits list liter litre log magazine main manual
    march material materials may memo meter method methods metre million minute minutes misc miscellaneous
    month new news newsletter next nine notes november october old one other outcome outlook overview page
    pages panel paper papers part percent pilot post pound press publisher quarter readme record reference
    references release report reports research results review sample second section sector september seven
    share shared sheet six source statement statistics studies study summary survey surveys table ten text
    third thirty thousand three title topic topics twelve twenty two update version volume week whitepaper
    year yearbook"""
"""Words that say what kind of document one is, or when it was written, and nothing of its subject."""
