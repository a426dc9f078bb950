from django.urls import path

from . import privacy, second_factor, sessions, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", second_factor.sign_in_code, name="sign-in-code"),
    path("sign-up/", views.sign_up, name="sign-up"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("profile/", views.profile, name="profile"),
    path("verify/", views.ask_verification, name="verify-again"),
    path("verify/<str:token>/", views.verify, name="verify"),
    path("profile/password/", views.change_password, name="password-change"),
    path("profile/second-factor/", second_factor.show, name="second-factor"),
    path("profile/second-factor/enrolment/", second_factor.enrolment, name="second-factor-enrolment"),
    path("profile/second-factor/proof/", second_factor.prove, name="second-factor-prove"),
    path("profile/second-factor/codes/", second_factor.renew_codes, name="second-factor-codes"),
    path("profile/second-factor/end/", second_factor.disable, name="second-factor-end"),
    path("profile/sessions/", sessions.sessions, name="sessions"),
    path("profile/sessions/<uuid:session_id>/end/", sessions.end, name="session-end"),
    path("profile/privacy/", privacy.privacy, name="privacy-own"),
    path("profile/privacy/data/", privacy.export, name="export"),
    path("profile/privacy/sessions/", privacy.end_sessions, name="end-sessions"),
    path("profile/privacy/erasure/", privacy.erase, name="erase"),
    path("password-reset/", views.request_reset, name="password-reset"),
    path("password-reset/sent/", views.reset_sent, name="password-reset-sent"),
    path("password-reset/<uidb64>/<token>/", views.Reset.as_view(), name="password-reset-confirm"),
]
