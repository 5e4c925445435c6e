@echo off
rem Watches the bench until the window is closed or q is pressed; what happened is added to
rem bench-log.jsonl beside this file, serial numbers coded. Options go on to micheck watch.
title micheck
"%~dp0micheck.exe" watch --log "%~dp0bench-log.jsonl" %*
set code=%errorlevel%
rem 2: it could not start, or not go on. Negative: Windows could not start it, or ended it.
if %code% equ 2 goto stay
if %code% lss 0 goto stay
if %code% gtr 130 goto stay
exit /b %code%
:stay
echo.
pause
exit /b %code%
