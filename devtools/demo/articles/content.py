"""Invented content for a demonstration site: import everything from here."""

from .readers import COMMENTS
from .records import (
    CREDIT,
    INVENTED,
    INVENTED_UR,
    Article,
    Author,
    Block,
    Comment,
    Embed,
    FactBox,
    Figure,
    Gallery,
    Photo,
    PullQuote,
    Related,
    Section,
    Text,
    Topic,
)
from .stories_land import LAND
from .stories_life import LIFE
from .stories_news import NEWS

__all__ = [
    "ARTICLES",
    "AUTHORS",
    "COMMENTS",
    "CREDIT",
    "INVENTED",
    "INVENTED_UR",
    "SECTIONS",
    "TOPICS",
    "Article",
    "Author",
    "Block",
    "Comment",
    "Embed",
    "FactBox",
    "Figure",
    "Gallery",
    "Photo",
    "PullQuote",
    "Related",
    "Section",
    "Text",
    "Topic",
]

SECTIONS: tuple[Section, ...] = (
    Section(
        "kashmir",
        "Kashmir",
        "Daily life in the valley: roads, schools, water, weather and the people who keep them going.",
    ),
    Section(
        "politics",
        "Politics",
        "Councils, budgets, courts and the public record, followed from the first vote to the last bill.",
    ),
    Section(
        "environment", "Environment", "Lakes, rivers, forests and ice, and the work of those who measure and mend them."
    ),
    Section("culture", "Culture", "Crafts, books, music, buildings and bread."),
    Section("business", "Business", "Orchards, saffron, boats and workshops: how the valley earns its living."),
    Section("opinion", "Opinion", "Arguments from our own desks and from our readers, signed by those who make them."),
)

AUTHORS: tuple[Author, ...] = (
    Author(
        "nuzhat-kralwari",
        "Nuzhat Kralwari",
        "Senior reporter",
        "Nuzhat Kralwari covers towns, transport and schools. She taught mathematics for six years before she began to report.",
    ),
    Author(
        "tafazul-wagay",
        "Tafazul Wagay",
        "Environment correspondent",
        "Tafazul Wagay writes about water, forests and ice. He grew up beside a lake and still rows badly.",
    ),
    Author(
        "ishrat-poshwani",
        "Ishrat Poshwani",
        "Courts and councils reporter",
        "Ishrat Poshwani reads budgets, judgments and minutes so that others need not, and reports from the public benches.",
    ),
    Author(
        "sohrab-lidri",
        "Sohrab Lidri",
        "Business reporter",
        "Sohrab Lidri follows prices from the orchard and the workshop to the market. He reports in English and in Urdu.",
    ),
    Author(
        "zeenat-hakbari",
        "Zeenat Hakbari",
        "Culture editor",
        "Zeenat Hakbari edits the culture pages and writes about crafts, houses and food.",
    ),
)

TOPICS: tuple[Topic, ...] = (
    Topic("apple-harvest", "Apple harvest"),
    Topic("lakes-and-rivers", "Lakes and rivers"),
    Topic("winter-power-cuts", "Winter power cuts"),
    Topic("houseboats", "Houseboats"),
    Topic("schools", "Schools"),
    Topic("roads", "Roads"),
    Topic("saffron", "Saffron"),
    Topic("snow-and-glaciers", "Snow and glaciers"),
    Topic("crafts", "Crafts"),
    Topic("courts", "Courts"),
    Topic("tourism", "Tourism"),
    Topic("press-freedom", "Press freedom"),
)

ARTICLES: tuple[Article, ...] = NEWS + LAND + LIFE
