"""Invented readers' comments."""

from .records import Comment

COMMENTS: tuple[Comment, ...] = (
    # The power timetable: the article that everyone has something to say about.
    Comment(
        2,
        "Yasmeen, group 7",
        "Finally. I have it taped to the refrigerator, which is the right place for it in more ways than one.",
    ),
    Comment(
        2,
        "Ab. Rashid",
        "Our street is in group 3. On Monday it went at 6.58 and came back at 9.01. I never thought I would write a comment to praise a power cut.",
    ),
    Comment(
        2,
        "A teacher in Kanelbagh",
        "The change every second Sunday is the part I like. Last winter our side of the road had all the dark suppers and the other side had none, and it was nobody’s decision, which made it worse.\n\nPlease do print the totals on Saturdays. A promise that somebody counts is a different kind of promise.",
    ),
    Comment(2, "Mehraj", "Group 11 here. It was fifteen minutes late going off. I shall not be reporting that one 🙂"),
    Comment(
        2,
        "Haseena B.",
        "What about those of us who live between two groups? Our kitchen is on one line and the front room on the other. We now have a light at every hour, but must carry the dinner to it.",
    ),
    Comment(
        2,
        "Old Radio",
        "Nineteen days out of twenty-eight is 68 per cent. My school would have sent me home with a note.",
    ),
    Comment(
        2,
        "Ruhi",
        "Could you publish the timetable as plain text too? The page on their site is one enormous picture and my mother’s telephone cannot open it.",
    ),
    Comment(
        2,
        "Junaid, electrician",
        "The switches matter more than the timetable. With the old ones somebody had to go out in the snow and pull a handle. If he had a cold, your street was late. Ask which six substations have been done; they are not the ones with the worst record.",
    ),
    Comment(
        2,
        "Farhat",
        "My father is on an oxygen machine. For us a fixed hour means that we can have the cylinder ready. Thank you for explaining the groups so clearly.",
    ),
    Comment(
        2,
        "Sceptic from Sheerbagh",
        "I kept the timetable from the trial in February. It was beautifully printed. It is still in very good condition, having been of no use.",
    ),
    Comment(2, "Nasreen W.", "To Sceptic: keep it one more year, and then we can compare the two."),
    Comment(
        2,
        "G. M. Tailor",
        "The lady with the spoiled seams speaks for all of us. A machine that stops in the middle of a zip is worse than a machine that is off.",
    ),
    Comment(
        2,
        "Student, 2nd year",
        "Evening classes at our college have moved to 4 pm because of this. Good for the light, bad for those of us who work until five. Has anyone else asked for a second sitting?",
    ),
    Comment(2, "Irshad", "Reported: Zainwari, third lane, Tuesday, dark from 5.20 to 7.45. Should have been 7 to 9."),
    Comment(
        2,
        "Lubna",
        "There is a volunteer list of outages with a map here: https://example.org/dark-hours. Perhaps you could put the two together?",
    ),
    Comment(
        2,
        "غلام حسن",
        "شکریہ۔ پہلی بار معلوم ہوا کہ ہماری گلی کس گروپ میں ہے۔ اگر یہ فہرست اردو میں بھی شائع ہو جائے تو بزرگوں کے لیے آسانی ہوگی۔",
    ),
    Comment(
        2,
        "Tariq, Bonwari",
        "One question that I did not find answered: does the two hours include the time it takes for the pump to fill the tank? Because that is another forty minutes.",
    ),
    Comment(2, "Posh", "We play cards in our two hours now. My grandmother cheats better by candle."),
    Comment(
        2,
        "Anon",
        "Whole thing is a scam and everyone in that office should be ashamed of there faces!!! Useless people",
        "rejected",
    ),
    Comment(
        2,
        "cheap inverter",
        "BEST INVERTER BATTERY 70% OFF!!! call now limited offer https://example.com/buy-battery",
        "spam",
    ),
    Comment(
        2,
        "Bilquis",
        "Is it known already what happens on public holidays? Last year the timetable did not apply on those days, but nobody had said so.",
        "pending",
    ),
    # The rest of the news.
    Comment(
        0,
        "Daughter of a boatman",
        "My father poled the boat before Ghulam Rasool did. He would have liked the ducklings.",
    ),
    Comment(
        0,
        "Nadeem",
        "Forty minutes by road is optimistic. On market days it is an hour and ten. I took the boat yesterday, with a bicycle, and was home before the tea was cold.",
    ),
    Comment(
        0,
        "Rifat’s former pupil",
        "Six girls back on the register by noon. That is the whole story, and it was worth all the mud.",
    ),
    Comment(
        0,
        "W.",
        "Who inspects the boat? I am glad about the life jackets but would like to know that there is a limit on passengers, and that somebody holds to it.\n\nIt is not a complaint. I shall be on it with two children from next week.",
    ),
    Comment(0, "Safiya", "Is there a place to leave a bicycle at the far side?", "pending"),
    Comment(
        0,
        "traveldeals24",
        "Book cheap hotel and flight today!!! best price guarantee >>> https://example.com/deals",
        "spam",
    ),
    Comment(
        1,
        "East bank",
        "Carry the bread by hand! I volunteer for the last hundred metres, provided that I may keep one loaf.",
    ),
    Comment(
        1,
        "Imran, night driver",
        "Fourteen kilometres each way, at night, on the bypass, for forty nights. I understand the planks. Could the department at least light the second roundabout?",
    ),
    Comment(
        1,
        "Retired overseer",
        "I helped to lay the present deck. We told them then to leave a finger’s width between the planks, so that the water could get out. Somebody closed the gaps, because a visitor’s shoe had got stuck.",
    ),
    Comment(1, "Zubair", "They close it for 40 nights and it will be 80. Mark my words", "pending"),
    Comment(
        4,
        "Hajra’s neighbour",
        "She came over on Sunday and read us the label of the oil tin, all of it, both sides. We clapped.",
    ),
    Comment(
        4,
        "M. Y.",
        "I have about sixty books, mostly novels, some in Hindi. Does the box at the foot of the stair take parcels sent by post?",
    ),
    Comment(
        4,
        "Physics graduate",
        "A good report, but please mention that old batteries of this kind need air. The room in which they stand should have an open window. I am sure Mr Wangnoo knows; others who copy him may not.",
    ),
    Comment(5, "Rehana in Dubai", "I read this twice and could hear it. Thank you ❄️"),
    Comment(
        5,
        "Poshwan, top house",
        "Nineteen centimetres? Forty-three on our wall, measured with the same stick as last year. I think your man did not get out of his car.",
    ),
    Comment(5, "bored", "who cares its just snow, stupid article, stupid writer", "rejected"),
    Comment(5, "Aaliya, 9", "We built a snow camel. It has three humps because Adil sat on it.", "pending"),
    Comment(6, "Upper lane, no. 40", "It is all true apart from the marriage. He is already engaged."),
    Comment(
        10,
        "شبیر احمد",
        "بہت خوبصورت تحریر ہے۔ ہمارے گاؤں میں بھی ایک بند چکی ہے، کل ہی بچوں سے بات کروں گا۔",
        "pending",
    ),
    Comment(
        12,
        "Contractor, small",
        "I build roads and I am for it. When people know what I was paid per metre, they will also know what I was not paid.",
    ),
    Comment(
        12,
        "Four lakh ninety-nine",
        "The lady is right about the slices. Look at last year’s list of jobs under five lakh on the Hakbal road: seven, one after another, same ditch.",
    ),
    Comment(
        12,
        "Saima",
        "Well reported. Might you link to the minutes, so that we can see who voted which way? I looked on the council’s site and gave up after the third broken page.",
        "pending",
    ),
    Comment(
        12,
        "Observer",
        "I know for certain that the member for my ward takes money from two builders and everybody knows it.",
        "rejected",
    ),
    Comment(
        12,
        "K. Dar",
        "What is the penalty if a contract is not put up within seven days? A rule without one is only a wish.",
        "pending",
    ),
    Comment(
        15,
        "Great-niece",
        "One of the brothers was my grandfather’s cousin. We always wondered why nobody was allowed to mention walnuts.",
    ),
    Comment(
        15,
        "Advocate (not that one)",
        "The written reason is an excellent rule, and I say so as one whose reasons were occasionally short. But please do ask about the shelter again in a month. People are sleeping in the tea stall.",
    ),
    Comment(
        18,
        "Water person",
        "I teach hydrology, and I am going to give this to my students in the first week. Not for the numbers, good as they are, but for the sentence about having been there on the first of every month.",
    ),
    Comment(
        18, "Wular-side", "My mother gathered water chestnuts as well. The cold at the knee is exactly how she says it."
    ),
    Comment(
        18,
        "Haroon",
        "Two lines rather than one is such a plain idea that I am suspicious of it. What happens to a house that already stands between them?\n\nI should be glad to be told that this has been thought of. Mine does.",
    ),
    Comment(18, "Sabia", "Please follow them for the second year as well. And please find out about the mallet."),
    Comment(18, "LakeWatch fan", "Whoever wrote this never saw the lake in his life, typical city garbage", "rejected"),
    Comment(
        18,
        "Umar",
        "Where can one see the ledger? Would it be possible to photograph the pages for a school project?",
        "pending",
    ),
    Comment(
        27,
        "Grower, 50 trees",
        "Good year for those with a cold room. I sold in the third week of September at 890. I am one of the 212 families, and shall bring my 5,000 rupees’ worth of hope to the meeting.",
    ),
    Comment(27, "fruit_king", "WIN a free truck of apples!!! click click click https://example.com/apples", "spam"),
    Comment(
        32,
        "Listener",
        "Will the recordings of Khatji Dedi be put somewhere, so that the rest of us can hear them? 🎶",
        "pending",
    ),
    Comment(
        38, "Son of the drains", "I am the man with the father. Thank you. You have spelt him right this time too."
    ),
    Comment(
        38,
        "Editor, retired",
        "We had a telephone on the news desk with the number painted on the front of the building. Nine calls out of ten were about the crossword. The tenth was always worth it.",
    ),
    Comment(38, "truthteller", "You are all paid liars, the lot of you", "rejected"),
    Comment(
        38, "essay help", "Need essay? Professional writer cheap price A+ guaranteed https://example.com/essay", "spam"
    ),
)
