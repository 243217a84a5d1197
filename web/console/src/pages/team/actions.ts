/** What the audit calls things, in words a person knows; an unknown action is shown as it is. */
import type { Pair } from '@/lib/words'
export const ACTIONS: Record<string, Pair> = {
  log_in: ['登录', 'Logged in'], log_out: ['退出登录', 'Logged out'], accept_invite: ['接受邀请', 'Accepted an invitation'], change_password: ['修改密码', 'Changed the password'], confirm_totp: ['开启两步验证', 'Turned on two-step log-in'],
  put_staff: ['邀请或修改员工', 'Invited or changed staff'], remove_staff: ['移除员工', 'Removed staff'], retry_job: ['重试任务', 'Retried a job'],
  put_merchant: ['创建商户', 'Created a merchant'], suspend_merchant: ['停用商户', 'Suspended a merchant'], resume_merchant: ['恢复商户', 'Resumed a merchant'], put_component: ['修改第三方平台', 'Changed the Open Platform'], request_ticket: ['请求票据', 'Asked for a ticket'],
  start_authorization: ['发起公众号授权', 'Started an authorization'], put_authorization: ['发起公众号授权', 'Started an authorization'],
  put_shop: ['修改店铺资料', 'Changed the shop'], put_freight: ['修改运费', 'Changed the freight'], put_pickup: ['修改自提', 'Changed pickup'], put_home: ['发布首页', 'Published the home page'], put_page: ['发布首页', 'Published the home page'],
  put_pay_account: ['修改支付设置', 'Changed WeChat Pay'], put_pay_keys: ['上传支付密钥', 'Uploaded keys'], put_keys: ['上传支付密钥', 'Uploaded keys'], start_pay_test: ['发起支付测试', 'Started a payment test'],
  put_welcome: ['修改欢迎语', 'Changed the welcome'], put_menu: ['修改菜单', 'Changed the menu'], publish_menu: ['发布菜单', 'Published the menu'], put_scene_code: ['创建二维码', 'Made a QR code'], put_coupon: ['修改优惠券', 'Changed a coupon'],
  put_product: ['修改商品', 'Changed goods'], put_shelf: ['上下架商品', 'Shelved goods'], put_stock: ['调整库存', 'Changed stock'], delete_product: ['删除商品', 'Deleted goods'], remove_product: ['删除商品', 'Deleted goods'], put_category: ['修改分类', 'Changed a category'], delete_category: ['删除分类', 'Deleted a category'], upload_media: ['上传图片', 'Uploaded a picture'],
  put_shipment: ['发货', 'Shipped'], ship: ['发货', 'Shipped'], cancel_order: ['关闭订单', 'Cancelled an order'], put_refund: ['发起退款', 'Refunded'], request_refund: ['发起退款', 'Refunded'], put_memo: ['修改备注', 'Changed a memo'], verify_pickup: ['核销自提', 'Verified a pickup'],
  resolve_difference: ['处理对账差异', 'Resolved a difference'], put_resolution: ['处理对账差异', 'Resolved a difference'], run_reconciliation: ['重新对账', 'Ran a reconciliation'],
}
