"""The filters of amounts, numbers and dates for templates; see `apps.faces.shared.amounts`."""

from django import template

from apps.faces.shared.amounts import ago, day, day_and_time, digits, money, number, percent, time_of_day

__all__ = ["ago", "day", "day_and_time", "digits", "money", "number", "percent", "time_of_day", "register"]

register = template.Library()
for each in (ago, day, day_and_time, digits, money, number, percent, time_of_day):
    register.filter(each)
