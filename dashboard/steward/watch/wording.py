"""What the pages say by which stewards keep an eye on things."""

from coop.words import say

NOTHING_TO_DO = say("Nothing needs to be done.")
