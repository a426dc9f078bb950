from django.conf import settings

from apps.platform.schedule import BULK, MONEY, WEBHOOKS, entries, route
from careforall.celery import app


def test_each_task_waits_in_the_queue_that_the_timetable_names():
    assert settings.CELERY_TASK_ROUTES == ("apps.platform.schedule.route",)
    queues = {entry.task: entry.queue for entry in entries()}
    assert set(queues.values()) == {MONEY, WEBHOOKS, BULK}
    for task, queue in queues.items():
        assert app.amqp.router.route({}, task)["queue"].name == queue
    assert route("unknown.task") == {"queue": MONEY}


def test_no_task_names_its_queue_itself():
    """Celery 6 ignores it: write `every(..., queue=BULK)` instead."""
    app.loader.import_default_modules()
    assert [name for name, task in app.tasks.items() if vars(type(task)).get("queue")] == []
