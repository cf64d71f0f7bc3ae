"""Was or were: seven claims about what exactly fails to be learned, judged one by one."""

from pages.lessons.entry import Lesson, Step


def _claim(row: str, told: str, then: str) -> Step:
    return Step(row, told, "", then)


REASONING = Lesson(
    "reasoning",
    "Was or were: is this reasoning right?",
    "A much-read explanation of what fails in “the cats, which were …, were hungry”, taken apart into seven claims.",
    20,
    (
        _claim(
            "d2",
            "Somebody explains: *an RNN has three sets of weights, one for the input, one for the context, one for the output, "
            "and every word uses the same ones.*",
            "The counts show what sharing means. The lengths look healthy: a vanished part can't be seen from the sum.",
        ),
        _claim(
            "d3",
            "He goes on: *two of the sets have two jobs at once: to say something now, and to pack information for later.*",
            "The left end of the curves is the second job. It is there, and it is tiny. Choose ReLU from the identity, and the "
            "second job gets its share.",
        ),
        _claim(
            "d4",
            "*Backpropagation happens once for each word,* he says.",
            "It may be thought of like that, because derivatives of a sum add up. In truth one sweep does it for all words; cut "
            "into windows the words' long ways would be missing.",
        ),
        _claim(
            "d5",
            "*The beginning of backpropagation is healthy. So the first job, to predict from the current word, is learned.*",
            "Healthy is necessary, not sufficient: with plain SGD at this rate the first job isn't learned either.",
        ),
        _claim(
            "d6",
            "*The end of backpropagation vanishes. So the second job, to pack information for later, is not learned.*",
            "Look at the order: where the last verb is learned (try ReLU from the identity), the long-range share rises first.",
        ),
        _claim(
            "d7",
            "*At the end of the sentence the weights are fine. But the context that they are handed is garbage.*",
            "The probe finds one-or-many for a few words and then no more: nobody taught the network to keep it.",
        ),
        _claim(
            "d8",
            "Somebody replies: *you made it too complicated. It is simply that the same matrix is applied again and again.*",
            "Different matrices of the same size lose as much. It is the size of the factors; that they are equal makes it only "
            "easier to see.",
        ),
    ),
)
