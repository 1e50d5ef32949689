"""What all pages of stewards say."""

from coop.words import say

SECTIONS_NAME = say("Pages for stewards")
