"""Who asks comes first: every public query and service takes the actor before anything else."""

from tests.rig import source

PLATFORM = {
    "audit": "writes down what the services of features tell it, and is told the actor where there is one",
    "codes": "code lists hold nothing of anybody",
    "deadlines": "reckons days",
    "jobs": "runs what a service has queued, when nobody is signed in",
    "keys": "seals and opens for tables, below every permission",
    "letters": "sets documents from what a service hands it",
    "questions": "reads declared forms",
}
"""Packages below the features, with the reason why nobody in particular asks them."""

NOBODY_ASKS = {
    "casemgr.statistics.service.compute": "reckons with what `prepare` opened for somebody",
    "casemgr.facts.service.record_fact": "written inside a change whose service has asked who makes it",
    "casemgr.facts.service.remove_fact": "removed inside a change whose service has asked who makes it",
    "casemgr.facts.service.remove_facts": "removed inside a change whose service has asked who makes it",
}
"""Single functions that run before anybody is known or for the system itself, each with its reason."""


def test_every_query_and_service_takes_the_actor_first() -> None:
    wrong = []
    for module in source.list_modules():
        if module.last_part not in {"queries", "service"} or module.feature in PLATFORM:
            continue
        for function in module.public_functions():
            name = f"{module.name}.{function.name}"
            arguments = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
            if arguments[:1] != ["actor"] and name not in NOBODY_ASKS:
                wrong.append(name)
    assert not wrong, (
        "take `actor: Actor` first, make it private, or name it in NOBODY_ASKS with the reason:\n"
        + "\n".join(wrong)
    )


def test_exceptions_name_functions_that_exist() -> None:
    known = {
        f"{module.name}.{function.name}"
        for module in source.list_modules()
        for function in module.public_functions()
    }
    gone = sorted(set(NOBODY_ASKS) - known)
    assert not gone, "remove from NOBODY_ASKS:\n" + "\n".join(gone)
