# SPDX-FileCopyrightText: 2026 The Rivulet authors
# SPDX-License-Identifier: Apache-2.0
#
# A stream-json agent that asks whether it may use a tool, and answers with what it was told.
read -r initialize
read -r question
echo '{"type":"control_request","request_id":"q1","request":{"subtype":"can_use_tool","tool_name":"Bash","input":{}}}'
read -r decision
case $decision in
    *'"behavior":"deny"'*) word=denied ;;
    *'"behavior":"allow"'*) word=allowed ;;
    *) word=misunderstood ;;
esac
echo '{"type":"result","subtype":"success","is_error":false,"result":"'$word'","session_id":"s"}'
