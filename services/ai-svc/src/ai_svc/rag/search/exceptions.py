from shared_utils.errors import Invalid


class QuestionSaysNothing(Invalid):
    """The question holds no word that could be looked for: name what you want to know about."""

    code = "QUESTION_SAYS_NOTHING"
